// golden: counter
// style: nets, registers and constants declared below their use
module counter (input clk, input rst, input en, output [7:0] count);
  assign count = value;
  always @(posedge clk)
    if (rst) value <= FIRST;
    else if (en) value <= following;
  reg [7:0] value;
  wire [7:0] following;
  assign following = value + 8'd1;
  localparam FIRST = 8'd0;
endmodule
