// golden: counter
// style: a macro as the size of a literal and inside ranges
`define WIDTH 8
`define ONE 1'b1
module counter (input clk, input rst, input en, output reg [`WIDTH - 1 : 0] count);
  always @(posedge clk)
    if (rst) count <= `WIDTH'd0;
    else if (en) count <= count + {{(`WIDTH-1){1'b0}}, `ONE};
endmodule
