// golden: mixer
// style: ranges that ascend, and ranges that do not begin at 0
module mixer (input [0:7] a, input [1:8] b, input [0:0] sel, output [15:8] y);
  wire [0:7] sum = a + b;
  wire [10:3] other;
  assign other = {a[0:3] ^ b[1:4], a[4] ^ b[5], a[5] ^ b[6], a[6:7] ^ b[7:8]};
  assign y = sel[0] ? sum : other;
endmodule
