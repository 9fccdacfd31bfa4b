// golden: counter
// style: other directives below long comments
// ---------------------------------------------------------------------------------------------------------
// Title    : counter, eight bits, synchronous clear, enable, wraps from 255 to 0 without any further notice
// ---------------------------------------------------------------------------------------------------------
`define FIRST 8'd0
/* The following line only says which unit the delays would have if there were any delays in this file. */
`timescale 1ps/1ps
/* And the following lines keep this file from being read twice, which would be an error in most tools. */
`ifndef COUNTER_INCLUDED
`define COUNTER_INCLUDED
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= `FIRST;
    else if (en) count <= count + 8'd1;
endmodule
`endif
