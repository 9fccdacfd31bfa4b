// golden: counter
// style: ports and nets declared as `wire logic`
module counter (input wire logic clk, input wire logic rst, input wire logic en, output logic [7:0] count);
  wire logic [7:0] next;
  assign next = rst ? '0 : count + en;
  always_ff @(posedge clk) count <= next;
endmodule
