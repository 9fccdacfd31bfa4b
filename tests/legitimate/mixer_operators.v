// golden: mixer
// style: rarely used operators: === !== ~^ ^~ ~& ~| ** <<< >>> && || !
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire add = (sel === 1'b1) && (sel !== 1'b0) || !(sel != 1);
  wire [7:0] same = a ~^ b, same2 = a ^~ b;
  wire never = ~&{a, 1'b0} & ~|{~a, 1'b1} & ~^a & ^~a;
  wire [7:0] sum = (a <<< 0) + (b >>> 0) + (2 ** 8) % 256 + +8'd1 - -8'd1 - 8'd2;
  assign y = add ? sum : ~(same & same2) | {8{never}};
endmodule
