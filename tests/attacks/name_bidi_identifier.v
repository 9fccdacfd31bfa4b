// golden: counter
// tries: puts bidirectional control characters into a name
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire ‮ne;
  always @(posedge clk) count <= 8'd0;
endmodule
