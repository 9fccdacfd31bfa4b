// golden: alu
// style: one function for every operation, sizes spelled out
module alu (
  input  wire [7:0] a,
  input  wire [7:0] b,
  input  wire [2:0] op,
  output reg  [7:0] y,
  output reg        carry,
  output wire       zero,
  output wire       negative
);
  function [8:0] add_sub(input [7:0] l, input [7:0] r, input subtract);
    add_sub = {1'b0, l} + {1'b0, r ^ {8{subtract}}} + subtract;
  endfunction
  function less(input signed [7:0] l, input signed [7:0] r);
    less = l < r;
  endfunction
  function [7:0] shift_right(input signed [7:0] value, input [2:0] by);
    shift_right = value >>> by;
  endfunction

  reg [8:0] wide;
  always @(*) begin
    wide = 9'd0;
    case (op)
      3'b000: wide = add_sub(a, b, 1'b0);
      3'b001: wide = add_sub(a, b, 1'b1) ^ 9'h100;
      3'b010: wide[7:0] = a & b;
      3'b011: wide[7:0] = a | b;
      3'b100: wide[7:0] = a ^ b;
      3'b101: wide[7:0] = shift_right(a, b[2:0]);
      3'b110: wide = less(a, b);
      3'b111: wide = less(a, b) ? a : b;
    endcase
    {carry, y} = wide;
  end
  assign zero = ~|y;
  assign negative = y[7];
endmodule
