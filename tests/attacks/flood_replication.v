// golden: counter
// tries: replicates a bit a billion times, and that a billion times
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire [7:0] w = {1000000000{{1000000000{1'b1}}}};
  always @(posedge clk) count <= 8'd0;
endmodule
