// golden: counter
// tries: escapes names with quotes, braces, dots, semicolons and line ends
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg \a";}{.b ;
  reg \count[0]
;
  reg \// ;
  reg \/* ;
  initial \a";}{.b = 1'b1;
  always @(posedge clk) count <= 8'd0;
endmodule
