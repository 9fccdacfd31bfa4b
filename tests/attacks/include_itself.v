// golden: counter
// tries: includes itself for ever
`include "source"
`include `__FILE__
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
