// golden: counter
// tries: declares a vector of two billion bits
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg [2147483646:0] v = 0;
  always @(posedge clk) v <= v * v;
  always @(posedge clk) count <= 8'd0;
endmodule
