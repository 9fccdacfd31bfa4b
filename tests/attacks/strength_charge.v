// golden: mixer
// tries: keeps charge on its output
module mixer(input [7:0] a, input [7:0] b, input sel, output trireg [7:0] y);
  assign y = sel ? 8'bz : 8'd1;
endmodule
