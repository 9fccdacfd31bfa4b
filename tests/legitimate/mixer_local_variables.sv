// golden: mixer
// style: variables declared inside blocks without names
module mixer (input logic [7:0] a, input logic [7:0] b, input logic sel, output logic [7:0] y);
  always_comb begin
    logic carry;
    logic [7:0] sum;
    carry = 1'b0;
    sum = '0;
    for (int i = 0; i < 8; i++) begin
      sum[i] = a[i] ^ b[i] ^ carry;
      carry = (a[i] & b[i]) | (carry & (a[i] ^ b[i]));
    end
    y = sel ? sum : a ^ b;
  end
endmodule
