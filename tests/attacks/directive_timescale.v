// golden: counter
// tries: changes the time unit for later files
`timescale 100s/100s
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
