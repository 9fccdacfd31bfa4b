// Clock gate: the enable (or the test enable) passes a latch that is open while the clock is low.
module clock_gate (
    input  clk,
    input  en,
    input  te,
    output gclk
);
  reg held;
  always @(clk or en or te) if (!clk) held <= en | te;
  assign gclk = clk & held;
endmodule
