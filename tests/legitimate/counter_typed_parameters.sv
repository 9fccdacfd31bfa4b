// golden: counter
// style: parameters of types logic and bit, a time literal, static variables
`timescale 1ns/1ps
module counter #(
    parameter logic [7:0] INIT = '0,
    parameter bit         UP   = 1'b1,
    localparam time       PERIOD = 10ns
) (
    input logic clk, rst, en,
    output logic [7:0] count
);
  always_ff @(posedge clk) begin
    static int unsigned cycles = 0;
    cycles = cycles + 1;
    if (rst) count <= INIT;
    else if (en) count <= UP ? count + 8'd1 : count - 8'd1;
  end
endmodule
