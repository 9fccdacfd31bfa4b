// golden: mixer
// tries: pastes the name of the judge's testbench together from two tokens
`define UNDER __
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  initial t0`UNDER``judge.n = 100000;
  assign y = 8'd0;
endmodule
