// golden: counter
// tries: leaves its module open over the next file
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
