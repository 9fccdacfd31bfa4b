// golden: counter
// tries: hides a line directive inside a timeunit declaration, with the same effect
module counter(input clk, input rst, input en, output reg [7:0] count);
  timeunit
  `line 2000000000 "x" 0
  1ns;
  wire w;
  always @(posedge clk) count <= 8'd0;
endmodule
