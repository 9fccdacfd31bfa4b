// golden: counter
// tries: gives the output in two ports of four bits
module counter(input clk, input rst, input en, output reg [3:0] count, output reg [3:0] count_high);
  always @(posedge clk) count <= 4'd0;
endmodule
