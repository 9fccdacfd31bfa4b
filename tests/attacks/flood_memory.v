// golden: counter
// tries: asks for a hundred gigabytes of memory
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg [1023:0] m [0:1000000000];
  initial m[0] = 1;
  always @(posedge clk) count <= 8'd0;
endmodule
