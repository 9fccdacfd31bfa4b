// golden: counter
// style: time unit declarations for the whole file, with a slash in the helper
timeunit 1ns;
timeprecision 100ps;

module counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [7:0] count
);
  logic [7:0] next;
  plus_one u_plus_one (.value(count), .next);
  always_ff @(posedge clk) count <= rst ? '0 : en ? next : count;
endmodule

module plus_one (input logic [7:0] value, output logic [7:0] next);
  timeunit 1ns / 1ps;
  assign next = value + 1'b1;
endmodule
