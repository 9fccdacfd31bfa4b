// golden: mixer
// style: a bus held low by pulldown when nobody drives it
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] carry_part;
  pulldown keep_low [7:0] (carry_part);
  bufif1 drive [7:0] (carry_part, (a + b) ^ (a ^ b), sel);
  assign y = a ^ b ^ carry_part;
endmodule
