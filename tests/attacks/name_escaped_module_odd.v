// golden: counter
// tries: escapes the name of a helper with a quote and a percent sign
module counter(input clk, input rst, input en, output reg [7:0] count);
  \h";%d u();
  always @(posedge clk) count <= 8'd0;
endmodule
module \h";%d ;
endmodule
