// golden: mixer
// tries: overrides a parameter of the parent from a child, by an upward path
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  child u();
  assign y = 8'd0;
endmodule
module child;
  defparam mixer.CYCLES = 0;
  defparam u.CYCLES = 0;
endmodule
