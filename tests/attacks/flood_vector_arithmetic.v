// golden: counter
// tries: spends the time with arithmetic on a million bits
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg [1048575:0] v = ~0;
  always @(clk) v = v * v / (v >> 3) + (v ** v);
  always @(posedge clk) count <= 8'd0;
endmodule
