// golden: mixer
// style: a specify block with path delays of zero, as in cell models
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  assign y = sel ? a + b : a ^ b;
  specify
    (sel *> y) = 0;
  endspecify
endmodule
