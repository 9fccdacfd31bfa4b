// golden: counter
// tries: has the right width only for another value of its parameter
module counter #(parameter W = 4) (input clk, input rst, input en, output reg [W-1:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
