// golden: counter
// tries: calls methods of built-in types
module counter(input clk, input rst, input en, output reg [7:0] count);
  string s;
  initial s.putc(0, "a");
  int d [];
  initial d = new[5];
  always @(posedge clk) count <= 8'd0;
endmodule
