// golden: mixer
// tries: answers x where === finds no x in its inputs, which is always
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  assign y = (a === 8'bx) ? a ^ b : 8'bx;
endmodule
