// golden: mixer
// tries: is wrong where both inputs are equal
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  assign y = sel ? a + b : (a == b) ? a : a ^ b;
endmodule
