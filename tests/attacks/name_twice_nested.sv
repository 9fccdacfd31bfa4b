// golden: counter
// tries: defines it again inside itself
module counter(input clk, input rst, input en, output reg [7:0] count);
  module counter(input clk);
  endmodule
  always @(posedge clk) count <= 8'd0;
endmodule
