// golden: mixer
// style: a helper with unpacked and packed array ports
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  logic [7:0] operands [0:1];
  assign operands[0] = a;
  assign operands[1] = b;
  combine u_combine (.operands(operands), .how({1'b0, sel}), .result(y));
endmodule

module combine (input logic [7:0] operands [0:1], input logic [0:0][1:0] how, output logic [7:0] result);
  always_comb
    case (how[0])
      2'd1: result = operands[0] + operands[1];
      default: result = operands[0] ^ operands[1];
    endcase
endmodule
