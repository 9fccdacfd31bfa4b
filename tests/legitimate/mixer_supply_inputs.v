// golden: mixer
// style: supply nets tied to the inputs of a helper
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  supply1 VDD;
  supply0 VSS;
  wire [7:0] s, x;
  unit u_sum (.l(a), .r(b), .add(VDD), .o(s));
  unit u_xor (.l(a), .r(b), .add(VSS), .o(x));
  assign y = sel ? s : x;
endmodule
module unit (input [7:0] l, input [7:0] r, input add, output [7:0] o);
  assign o = add ? l + r : l ^ r;
endmodule
