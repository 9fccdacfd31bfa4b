// golden: alu
// style: adder, shifter and comparator as helper modules, selected by a multiplexer module
module alu (input [7:0] a, input [7:0] b, input [2:0] op,
            output [7:0] y, output carry, output zero, output negative);
  wire subtract = op != 3'd0;
  wire [7:0] sum, shifted;
  wire cout, less;
  alu_adder adder (.a(a), .b(b), .subtract(subtract), .sum(sum), .cout(cout));
  alu_shifter shifter (.a(a), .by(b[2:0]), .y(shifted));
  alu_compare compare (.a(a), .b(b), .less(less));
  mux8 #(.W(8)) mux (
    .in({less ? a : b, 7'd0, less, shifted, a ^ b, a | b, a & b, sum, sum}),
    .select(op), .out(y));
  assign carry = (op[2:1] == 2'b00) & (cout ^ subtract);
  flags flags (y, zero, negative);
endmodule
module alu_adder (input [7:0] a, b, input subtract, output [7:0] sum, output cout);
  wire [7:0] addend = b ^ {8{subtract}};
  assign {cout, sum} = a + addend + subtract;
endmodule
module alu_shifter (input [7:0] a, input [2:0] by, output [7:0] y);
  wire [7:0] by4 = by[2] ? {{4{a[7]}}, a[7:4]} : a;
  wire [7:0] by2 = by[1] ? {{2{by4[7]}}, by4[7:2]} : by4;
  assign y = by[0] ? {by2[7], by2[7:1]} : by2;
endmodule
module alu_compare (input [7:0] a, b, output less);
  assign less = (a[7] != b[7]) ? a[7] : a < b;
endmodule
module mux8 #(parameter W = 1) (input [8*W-1:0] in, input [2:0] select, output [W-1:0] out);
  assign out = in[select*W +: W];
endmodule
module flags (input [7:0] value, output zero, negative);
  assign zero = !value, negative = value[7];
endmodule
