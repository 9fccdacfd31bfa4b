// golden: mixer
// tries: does not listen to sel
module mixer(input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  always @(a or b) y = sel ? a + b : a ^ b;
endmodule
