// golden: counter
// tries: doubles a string at every edge
module counter(input clk, input rst, input en, output reg [7:0] count);
  string s = "aaaaaaaa";
  always @(posedge clk) s = {s, s};
  always @(posedge clk) count <= 8'd0;
endmodule
