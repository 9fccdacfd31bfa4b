// golden: counter
// tries: imports a function of the C library
module counter(input clk, input rst, input en, output reg [7:0] count);
  import "DPI-C" function int system(string command);
  initial system("touch /tmp/left_behind");
  always @(posedge clk) count <= 8'd0;
endmodule
