// golden: mixer
// tries: keeps the first answer
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  reg [7:0] kept;
  initial kept = 0;
  always @(posedge sel) kept = a + b;
  assign y = kept;
endmodule
