// golden: mixer
// style: drive strengths: a weak default behind a strong driver
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] bus;
  assign (weak1, weak0) bus = a ^ b;
  assign (strong1, strong0) bus = sel ? a + b : 8'bz;
  assign y = bus;
endmodule
