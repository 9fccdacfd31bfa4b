// golden: clock_gate
// style: latch inferred from an if without else in always @*
module clock_gate (input clk, input en, input te, output gclk);
  reg q;
  always @*
    if (~clk) q = en || te;
  and u_gate (gclk, clk, q);
endmodule
