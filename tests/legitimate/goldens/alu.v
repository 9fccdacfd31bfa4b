// Byte arithmetic: add, subtract, and, or, xor, arithmetic shift right, signed less-than, signed minimum.
module alu (
    input      [7:0] a,
    input      [7:0] b,
    input      [2:0] op,
    output reg [7:0] y,
    output reg       carry,
    output           zero,
    output           negative
);
  always @* begin
    carry = 1'b0;
    case (op)
      3'd0: {carry, y} = a + b;
      3'd1: {carry, y} = a - b;
      3'd2: y = a & b;
      3'd3: y = a | b;
      3'd4: y = a ^ b;
      3'd5: y = $signed(a) >>> b[2:0];
      3'd6: y = $signed(a) < $signed(b);
      default: y = $signed(a) < $signed(b) ? a : b;
    endcase
  end
  assign zero = y == 8'd0;
  assign negative = y[7];
endmodule
