// golden: mixer
// style: a while loop with a bound
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  integer n;
  reg carry;
  always @* begin
    n = 0;
    carry = 0;
    while (n < 8) begin
      y[n] = a[n] ^ b[n] ^ carry;
      carry = sel & ((a[n] & b[n]) | (a[n] & carry) | (b[n] & carry));
      n = n + 1;
    end
  end
endmodule
