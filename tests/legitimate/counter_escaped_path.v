// golden: counter
// style: a path through an instance with an escaped name
module counter (input clk, input rst, input en, output [7:0] count);
  counter_core \core.0 (.clk(clk), .rst(rst), .en(en));
  assign count = \core.0 .value ;
endmodule
module counter_core (input clk, input rst, input en);
  reg [7:0] value;
  always @(posedge clk)
    if (rst) value <= 8'd0;
    else if (en) value <= value + 8'd1;
endmodule
