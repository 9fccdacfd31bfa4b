// golden: counter
// tries: replicates a constant to the largest width there is, in the width of a port
module counter #(parameter P = {16777215{1'b1}} / {1000000{3'd5}}) (input clk, input rst, input en, output reg [7+(P&0):0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
