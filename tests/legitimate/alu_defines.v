// golden: alu
// style: operation codes from define directives within an include guard
`ifndef _ALU_DEFS_
 `define _ALU_DEFS_
 `define ALU_ADD 3'b000
 `define ALU_SUB 3'b001
 `define ALU_AND 3'b010
 `define ALU_OR  3'b011
 `define ALU_XOR 3'b100
 `define ALU_SRA 3'b101
 `define ALU_SLT 3'b110
 `define ALU_MIN 3'b111
`endif
module alu (a, b, op, y, carry, zero, negative);
  input signed [7:0] a, b;
  input [2:0] op;
  output [7:0] y;
  output carry, zero, negative;
  reg [7:0] y;
  reg carry;
  wire [8:0] sum = {1'b0, a} + {1'b0, b};
  wire [8:0] difference = {1'b0, a} - {1'b0, b};
  always @(a or b or op or sum or difference) begin
    carry = 0;
    case (op)
      `ALU_ADD: begin y = sum[7:0]; carry = sum[8]; end
      `ALU_SUB: begin y = difference[7:0]; carry = difference[8]; end
      `ALU_AND: y = a & b;
      `ALU_OR: y = a | b;
      `ALU_XOR: y = a ^ b;
      `ALU_SRA: y = a >>> b[2:0];
      `ALU_SLT: y = {7'b0, a < b};
      `ALU_MIN: y = a < b ? a : b;
    endcase
  end
  assign zero = (y == 0) ? 1 : 0;
  assign negative = (y[7] == 1) ? 1 : 0;
endmodule
