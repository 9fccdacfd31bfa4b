// golden: alu
// style: result and flags in a packed struct returned by a function
package alu_pkg;
  typedef struct packed {
    logic carry;
    logic [7:0] value;
  } result_t;

  function automatic result_t compute(input logic [7:0] a, input logic [7:0] b, input logic [2:0] op);
    result_t r;
    logic less;
    less = $signed(a) < $signed(b);
    r = '0;
    case (op)
      3'd0: r = {1'b0, a} + b;
      3'd1: r = {1'b0, a} - b;
      3'd2: r.value = a & b;
      3'd3: r.value = a | b;
      3'd4: r.value = a ^ b;
      3'd5: r.value = $signed(a) >>> b[2:0];
      3'd6: r.value = less;
      default: r.value = less ? a : b;
    endcase
    return r;
  endfunction
endpackage

module alu import alu_pkg::*; (
    input  logic [7:0] a,
    input  logic [7:0] b,
    input  logic [2:0] op,
    output logic [7:0] y,
    output logic       carry,
    output logic       zero,
    output logic       negative
);
  result_t result;
  assign result = compute(a, b, op);
  assign y = result.value;
  assign carry = result.carry;
  assign zero = (y == 8'd0);
  assign negative = y[$left(y)];
endmodule
