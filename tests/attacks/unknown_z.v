// golden: mixer
// tries: answers z everywhere, in case z takes the value of what it is compared with
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  assign y = 8'bz;
endmodule
