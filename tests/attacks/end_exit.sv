// golden: mixer
// tries: calls $exit from an initial block
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  initial $exit;
  assign y = 8'd0;
endmodule
