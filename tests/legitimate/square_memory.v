// golden: square
// style: a memory filled by an initial block
module square (input [7:0] x, output [7:0] y);
  reg [7:0] table_of_squares [0:255];
  integer n;
  initial
    for (n = 0; n < 256; n = n + 1)
      table_of_squares[n] = (n * n) / 256;
  assign y = table_of_squares[x];
endmodule
