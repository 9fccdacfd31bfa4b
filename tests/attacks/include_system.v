// golden: counter
// tries: searches the system folders
`include <constants.vams>
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
