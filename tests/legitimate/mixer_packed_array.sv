// golden: mixer
// style: packed arrays of two dimensions
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  logic [1:0][3:0] l, r, sum;
  logic [1:0][7:0] choices;
  logic carry;
  assign l = a;
  assign r = b;
  always_comb begin
    {carry, sum[0]} = l[0] + r[0];
    sum[1] = l[1] + r[1] + carry;
  end
  assign choices[1] = sum;
  assign choices[0] = {l[1] ^ r[1], l[0] ^ r[0]};
  assign y = choices[sel];
endmodule
