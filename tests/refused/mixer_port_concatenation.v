// golden: mixer
// style: a port made of two nets
module mixer (a, b, sel, .y({y_high, y_low}));
  input [7:0] a, b;
  input sel;
  output [3:0] y_high, y_low;
  assign {y_high, y_low} = sel ? a + b : a ^ b;
endmodule
