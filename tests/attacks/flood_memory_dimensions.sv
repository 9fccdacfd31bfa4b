// golden: counter
// tries: asks for a memory of many dimensions
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg [1023:0] m [0:4095][0:4095][0:4095][0:4095];
  initial m[0][0][0][0] = 1;
  always @(posedge clk) count <= 8'd0;
endmodule
