// golden: counter
// tries: redefines the macros that the simulator predefines
`define __ICARUS__ 0
`define __FILE__ "golden.v"
`define __LINE__ 0
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
