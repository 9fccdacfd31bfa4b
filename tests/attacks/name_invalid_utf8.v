// golden: counter
// tries: has bytes that are no UTF-8, in a name and in a comment
// ÿşÀ¯í €
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire wÀ¯;
  always @(posedge clk) count <= 8'd0;
endmodule
