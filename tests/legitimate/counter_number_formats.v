// golden: counter
// style: literals of every base, unsized, signed, with underscores, blanks and capital letters
module counter (input clk, input rst, input en, output reg [7:0] count);
  wire [7:0] zero = 8'B0000_0000 | 8'O0_0_0 | 'h0 | 0 | 8'sd0 | 'b0 | 8 'D 000;
  wire [7:0] one = (8'hFE + 8'Sh03) & 8'b1 & 'o1 & 32'H0000_0001;
  always @(posedge clk)
    if (rst) count <= zero;
    else if (en) count <= count + one;
endmodule
