// golden: counter
// style: an include behind an ifdef that nobody sets
`ifdef USE_PROJECT_DEFINES
`include "defines.vh"
`else
`define COUNT_WIDTH 8
`endif
module counter (input clk, input rst, input en, output reg [`COUNT_WIDTH-1:0] count);
  always @(posedge clk)
    if (rst) count <= 0;
    else if (en) count <= count + 1'b1;
endmodule
