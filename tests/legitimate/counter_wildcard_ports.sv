// golden: counter
// style: helper ports connected with `.*`, one overridden by name
module value_store (input logic clk, rst, input logic [7:0] d, output logic [7:0] count);
  always_ff @(posedge clk) count <= rst ? '0 : d;
endmodule

module counter (input logic clk, rst, en, output logic [7:0] count);
  logic [7:0] next;
  assign next = count + en;
  value_store u_store (.d(next), .*);
endmodule
