// golden: counter
// tries: ends a comment with a carriage return, so that what follows is code for some readers only
module counter(input clk, input rst, input en, output reg [7:0] count);
  // comment  initial count = 8'd1;
  // comment  initial count = 8'd2;
  // comment   initial count = 8'd3;
  always @(posedge clk) count <= 8'd0;
endmodule
