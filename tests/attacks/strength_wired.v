// golden: mixer
// tries: declares its output as a wired-or, in case outputs are joined
module mixer(input [7:0] a, input [7:0] b, input sel, output wor [7:0] y);
  assign y = 8'hff;
  assign y = a;
endmodule
