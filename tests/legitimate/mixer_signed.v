// golden: mixer
// style: signed ports and arithmetic, $signed and $unsigned
module mixer (input signed [7:0] a, input signed [7:0] b, input sel, output signed [7:0] y);
  wire signed [8:0] sum = a + b;
  wire signed [7:0] negative = -$signed(8'd1);
  assign y = sel ? $signed($unsigned(sum[7:0])) : (a ^ b) & negative;
endmodule
