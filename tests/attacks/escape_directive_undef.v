// golden: counter
// tries: escapes names like settings for later files
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire \`timescale ;
  wire \`resetall ;
  wire \`default_nettype ;
  wire \`undefineall ;
  always @(posedge clk) count <= 8'd0;
endmodule
