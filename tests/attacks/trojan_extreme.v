// golden: mixer
// tries: is wrong for the largest sum only
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire worst = &a && &b && sel;
  assign y = worst ? 8'd0 : sel ? a + b : a ^ b;
endmodule
