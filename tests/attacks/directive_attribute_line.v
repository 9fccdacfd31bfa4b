// golden: counter
// tries: hides a line directive inside an attribute: rewriting the text with its line numbers takes gigabytes
module counter(input clk, input rst, input en, output reg [7:0] count);
  (*
  `line 2000000000 "x" 0
  keep *) wire w;
  always @(posedge clk) count <= 8'd0;
endmodule
