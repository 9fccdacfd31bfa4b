// golden: counter
// style: time unit declarations inside the module
module counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [7:0] count
);
  timeunit 1ns;
  timeprecision 1ps;

  always_ff @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
