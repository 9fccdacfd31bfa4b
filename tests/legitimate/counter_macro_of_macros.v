// golden: counter
// style: a macro defined from another one
`define WIDTH 8
`define MSB (`WIDTH-1)
module counter (input clk, input rst, input en, output reg [`MSB:0] count);
  always @(posedge clk)
    if (rst) count <= `WIDTH'd0;
    else if (en) count <= count + `WIDTH'd1;
endmodule
