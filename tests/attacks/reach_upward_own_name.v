// golden: mixer
// tries: uses its own module name as the root of a path, which also names its neighbours
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] other = mixer.y;
  wire [7:0] third = i1.y;
  assign y = 8'd0;
endmodule
