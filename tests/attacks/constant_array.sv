// golden: counter
// tries: gives a port parameter a hundred million elements
module counter #(parameter int A [0:100000000] = '{default: 0})
  (input clk, input rst, input en, output reg [7+(A[3]&0):0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
