// golden: counter
// tries: forgets every second reset
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg odd = 0;
  always @(posedge clk)
    if (rst) begin odd <= !odd; if (!odd) count <= 8'd0; end
    else if (en) count <= count + 8'd1;
endmodule
