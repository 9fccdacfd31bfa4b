// golden: counter
// tries: drives its own clock and inputs
module counter(input clk, input rst, input en, output reg [7:0] count);
  assign clk = 1'b0;
  assign rst = 1'b1;
  always @(posedge clk) count <= 8'd0;
endmodule
