// golden: counter
// style: logic ports declared in the body of a non-ANSI module
module counter (clk, rst, en, count);
  input logic clk, rst, en;
  output logic [7:0] count;
  logic [7:0] next;
  always_comb next = count + en;
  always_ff @(posedge clk) count <= rst ? '0 : next;
endmodule
