// golden: counter
// style: macros that stand for pieces of code
`define ON_CLOCK always @(posedge clk)
`define NEXT (count + 8'd1)
`define HOLD

module counter (input clk, input rst, input en, output reg [7:0] count);
  `ON_CLOCK
    if (rst) count <= 8'd0;
    else if (en) count <= `NEXT;
    `HOLD
endmodule
