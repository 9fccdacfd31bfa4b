// golden: mixer
// style: nets declared with their expressions, several in one declaration
module mixer (input [7:0] a, b, input sel, output [7:0] y);
  wire [7:0] sum = a + b, difference = a ^ b;
  wire [7:0] mask = {8{sel}};
  assign y = (sum & mask) | (difference & ~mask);
endmodule
