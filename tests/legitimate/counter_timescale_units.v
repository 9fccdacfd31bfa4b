// golden: counter
// style: timescale with odd spacing and other units, repeated between modules
`timescale 10 ns/100ps
module counter (input clk, input rst, input en, output [7:0] count);
  incrementing_register u_reg (.clock(clk), .clear(rst), .step(en), .value(count));
endmodule

`timescale 1us/1us
module incrementing_register (input clock, input clear, input step, output reg [7:0] value);
  always @(posedge clock)
    if (clear) value <= 0;
    else if (step) value <= value + 1;
endmodule
