// golden: mixer
// style: carry lookahead equations in a loop with blocking assignments
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  reg [7:0] g, p;
  reg [8:0] c;
  integer i, j;
  reg product;
  always @* begin
    g = a & b;
    p = a ^ b;
    c = 9'd0;
    for (i = 1; i <= 8; i = i + 1)
      for (j = 0; j < i; j = j + 1) begin
        product = g[j] & sel;
        if (j != i - 1) product = product & (&(p | ~((8'hFF >> (7 - (i - 1))) & (8'hFF << (j + 1)))));
        c[i] = c[i] | product;
      end
    y = p ^ c[7:0];
  end
endmodule
