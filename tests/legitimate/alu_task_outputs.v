// golden: alu
// style: a task with several outputs, zero computed by a loop
module alu (input [7:0] a, input [7:0] b, input [2:0] op,
            output reg [7:0] y, output reg carry, output reg zero, output reg negative);
  integer bit_number;
  task set_flags(input [7:0] value, output is_zero, output is_negative);
    begin
      is_zero = 1'b1;
      for (bit_number = 7; bit_number >= 0; bit_number = bit_number - 1)
        if (value[bit_number]) is_zero = 1'b0;
      is_negative = value[7];
    end
  endtask
  always @(a, b, op) begin : operate
    reg signed [7:0] l, r;
    l = a;
    r = b;
    carry = 1'b0;
    if (op == 0) {carry, y} = {1'b0, a} + {1'b0, b};
    else if (op == 1) {carry, y} = {1'b0, a} - {1'b0, b};
    else if (op == 2) y = a & b;
    else if (op == 3) y = a | b;
    else if (op == 4) y = a ^ b;
    else if (op == 5) y = l >>> b[2:0];
    else if (op == 6) y = l < r ? 1 : 0;
    else y = l < r ? l : r;
    set_flags(y, zero, negative);
  end
endmodule
