// golden: counter
// tries: leaves the files after it with the keywords of 1995
`begin_keywords "1364-1995"
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
