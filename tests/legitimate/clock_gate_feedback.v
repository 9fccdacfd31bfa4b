// golden: clock_gate
// style: the latch as a multiplexer that feeds back through assign
module clock_gate (input clk, input en, input te, output gclk);
  wire held;
  assign held = clk ? held : (en | te);
  assign gclk = clk & held;
endmodule
