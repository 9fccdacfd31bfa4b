// golden: mixer
// tries: leaves its output open
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
endmodule
