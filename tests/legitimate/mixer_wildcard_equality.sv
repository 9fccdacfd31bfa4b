// golden: mixer
// style: wildcard equality, compound assignments, casts of concatenations
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  wire add;
  assign add = {a[0], sel} ==? 2'b?1;
  always_comb begin
    y = a;
    if (add) y += b;
    else y ^= b;
    y |= 8'({1'b0});
    y <<= 0;
  end
endmodule
