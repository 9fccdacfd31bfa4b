// golden: counter
// tries: computes a power of a million bits in the width of a port
module counter #(parameter [1048574:0] A = {1048575{1'b1}}, parameter [1048574:0] B = A ** A)
  (input clk, input rst, input en, output reg [7+(B[3]&0):0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
