// golden: alu
// style: every result on a net array, chosen by index
module alu (input [7:0] a, b, input [2:0] op, output [7:0] y, output carry, zero, negative);
  wire signed [7:0] as = a, bs = b;
  wire [8:0] result [0:7];
  assign result[0] = a + b,
         result[1] = a - b,
         result[2] = {1'b0, a & b},
         result[3] = {1'b0, a | b},
         result[4] = {1'b0, a ^ b};
  wire [7:0] shifted;
  assign shifted = as >>> b[2:0];
  assign result[5] = shifted;
  assign result[6] = as < bs;
  assign result[7] = {1'b0, as < bs ? a : b};
  assign {carry, y} = result[op];
  assign {negative, zero} = {y[7], y == 8'b0};
endmodule
