// golden: mixer
// tries: drives its output with supply strength, in case outputs are joined
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  assign (supply1, supply0) y = 8'd0;
endmodule
