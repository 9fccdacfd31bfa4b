// golden: counter
// style: default_nettype none below a comment of several lines
// Counter of the example project, revision 3, checked in simulation and on the board.
//
// Counts clock cycles in which `en` is high, modulo 256; `rst` takes it back to 0.
`default_nettype none
module counter (
    input  wire       clk,
    input  wire       rst,
    input  wire       en,
    output reg  [7:0] count
);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
`default_nettype wire
