// golden: mixer
// tries: drives the output only where it is sure
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  assign y = sel ? 8'bz : a ^ b;
endmodule
