// golden: counter
// tries: declares a library of files on disk
library golden "../goldens/*.v";
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
