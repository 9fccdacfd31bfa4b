// golden: counter
// tries: declares a port again with another width
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire [15:0] en;
  always @(posedge clk) count <= 8'd0;
endmodule
