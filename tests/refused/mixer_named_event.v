// golden: mixer
// style: a named event triggered when an operand changes
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  event changed;
  always @(a or b or sel) -> changed;
  always @(changed) y = sel ? a + b : a ^ b;
endmodule
