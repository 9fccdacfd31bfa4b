// golden: mixer
// tries: answers at random, in the hope of a lucky run
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  reg [7:0] r;
  always @(a, b, sel) r = $random + $urandom + $urandom_range(3);
  assign y = r;
endmodule
