// golden: mixer
// style: a continuous assignment with a delay, as old libraries have it
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  assign #3 y = sel ? a + b : a ^ b;
endmodule
