// golden: counter
// style: helper ports connected with `.name`
module counter (input logic clk, rst, en, output logic [7:0] count);
  logic [7:0] next;
  next_value  u_next (.en, .count, .next);
  value_store u_store (.clk, .rst, .next, .count);
endmodule

module next_value (input logic en, input logic [7:0] count, output logic [7:0] next);
  assign next = count + en;
endmodule

module value_store (input logic clk, rst, input logic [7:0] next, output logic [7:0] count);
  always_ff @(posedge clk) count <= rst ? '0 : next;
endmodule
