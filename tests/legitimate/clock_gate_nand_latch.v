// golden: clock_gate
// style: the latch as cross-coupled nand gates
module clock_gate (input clk, input en, input te, output gclk);
  wire d, d_n, open, s_n, r_n, q, q_n;
  or (d, en, te);
  not (d_n, d), (open, clk);
  nand (s_n, d, open), (r_n, d_n, open);
  nand (q, s_n, q_n), (q_n, r_n, q);
  and (gclk, clk, q);
endmodule
