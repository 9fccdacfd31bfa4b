// golden: mixer
// style: wand, wor, tri0, tri1, supply0, supply1, uwire
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  supply0 gnd;
  supply1 vdd;
  wand [7:0] both;
  wor [7:0] either;
  tri0 [7:0] pulled_low;
  tri1 one;
  triand t_and;
  trior t_or;
  uwire [7:0] sum = a + b + {7'd0, gnd};
  assign both = a;
  assign both = b;
  assign either = a;
  assign either = b;
  assign t_and = sel;
  assign t_and = vdd;
  assign t_or = sel;
  assign t_or = gnd;
  assign y = (t_and & t_or & one) ? sum : (either & ~both) | pulled_low;
endmodule
