// golden: mixer
// tries: declares its output as a supply net
module mixer(input [7:0] a, input [7:0] b, input sel, output supply1 [7:0] y);
endmodule
