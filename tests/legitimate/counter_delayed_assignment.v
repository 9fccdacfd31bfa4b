// golden: counter
// style: nonblocking assignments with a delay for readable waveforms
`timescale 1ns/1ps
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= #1 8'd0;
    else if (en) count <= #1 count + 8'd1;
endmodule
