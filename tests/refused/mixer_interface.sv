// golden: mixer
// style: a simple interface between the design and its helper
interface operands_if;
  logic [7:0] l;
  logic [7:0] r;
endinterface

module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  operands_if operands ();
  assign operands.l = a;
  assign operands.r = b;
  assign y = sel ? operands.l + operands.r : operands.l ^ operands.r;
endmodule
