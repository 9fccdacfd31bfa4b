// golden: clock_gate
// style: always_latch
module clock_gate (input logic clk, input logic en, input logic te, output logic gclk);
  logic enable_latched;
  always_latch begin
    if (!clk) enable_latched <= en | te;
  end
  assign gclk = clk & enable_latched;
endmodule
