// golden: counter
// style: lines that end in carriage return and line feed
`timescale 1ns/1ps
`define START 8'd0 // Windows
module counter (
  input clk,
  input rst,
  input en,
  output reg [7:0] count
);
  /* two
     lines */
  always @(posedge clk)
    if (rst) count <= `START;
    else if (en) count <= count + 1;
endmodule
