// golden: detector
// style: event lists and conditions from macros that depend on ifdef
`define ASYNC_RESET
`ifdef ASYNC_RESET
  `define RESET_EDGE or negedge rst_n
`else
  `define RESET_EDGE
`endif
`ifndef SYNTHESIS
`define DEBUG_CODE 1
`endif
module detector (input clk, input rst_n, input din, output found);
  reg [2:0] s;
  always @(posedge clk `RESET_EDGE)
    if (!rst_n) s <= 0;
    else case (s)
      0: s <= din;
      1: s <= din ? 1 : 2;
      2: s <= din ? 3 : 0;
      3: s <= din ? 4 : 2;
      default: s <= din ? 1 : 2;
    endcase
  assign found = s == 4;
endmodule
