// golden: mixer
// style: struct types on the ports of a helper
typedef struct packed {
  logic [7:0] l;
  logic [7:0] r;
} pair_t;

module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  pair_t pair;
  assign pair = {a, b};
  operate u (.pair(pair), .add(sel), .out(y));
endmodule

module operate (input pair_t pair, input logic add, output logic [7:0] out);
  assign out = add ? pair.l + pair.r : pair.l ^ pair.r;
endmodule
