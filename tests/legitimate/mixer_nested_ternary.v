// golden: mixer
// style: nested conditional operators for every bit
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] c;
  assign c = {a[6] ? (b[6] | c[6]) : (b[6] & c[6]), a[5] ? (b[5] | c[5]) : (b[5] & c[5]),
              a[4] ? (b[4] | c[4]) : (b[4] & c[4]), a[3] ? (b[3] | c[3]) : (b[3] & c[3]),
              a[2] ? (b[2] | c[2]) : (b[2] & c[2]), a[1] ? (b[1] | c[1]) : (b[1] & c[1]),
              a[0] ? b[0] ? 1'b1 : 1'b0 : 1'b0, 1'b0};
  assign y = sel ? a ^ b ^ c : a ? b ? a ^ b : a : b;
endmodule
