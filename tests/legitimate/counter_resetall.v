// golden: counter
// style: resetall, celldefine and timescale as in a cell library
`resetall
`timescale 1ns/10ps
`celldefine
module counter (clk, rst, en, count);
  input clk;
  input rst;
  input en;
  output reg [7:0] count;

  always @(posedge clk)
    if (rst) count <= 0;
    else if (en) count <= count + 1;
endmodule
`endcelldefine
