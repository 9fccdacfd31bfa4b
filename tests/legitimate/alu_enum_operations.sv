// golden: alu
// style: operations as an enum with the port compared to its names
module alu (
    input  logic [7:0] a, b,
    input  logic [2:0] op,
    output logic [7:0] y,
    output logic carry, zero, negative
);
  typedef enum logic [2:0] {
    OP_ADD, OP_SUB, OP_AND, OP_OR, OP_XOR, OP_SRA, OP_SLT, OP_MIN
  } op_t;

  logic signed [7:0] sa, sb;
  assign sa = a;
  assign sb = b;

  always_comb begin
    logic [8:0] sum;
    sum = '0;
    carry = '0;
    y = 'x;
    unique case (op)
      OP_ADD: begin
        sum = a + b;
        {carry, y} = sum;
      end
      OP_SUB: begin
        sum = {1'b0, a} - {1'b0, b};
        {carry, y} = sum;
      end
      OP_AND: y = a & b;
      OP_OR:  y = a | b;
      OP_XOR: y = a ^ b;
      OP_SRA: y = sa >>> b[2:0];
      OP_SLT: y = (sa < sb) ? 8'd1 : 8'd0;
      OP_MIN: y = (sa < sb) ? sa : sb;
    endcase
  end

  assign {zero, negative} = {y == '0, y[7]};
endmodule
