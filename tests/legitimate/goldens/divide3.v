// The clock divided by three at a duty cycle of one half, from both clock edges; asynchronous reset, active low.
module divide3 (
    input  clk,
    input  rst_n,
    output clk_out
);
  reg [1:0] phase;
  reg early, late;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      phase <= 2'd0;
      early <= 1'b0;
    end else begin
      phase <= phase == 2'd2 ? 2'd0 : phase + 2'd1;
      early <= phase == 2'd0;
    end
  always @(negedge clk or negedge rst_n)
    if (!rst_n) late <= 1'b0;
    else late <= early;
  assign clk_out = early | late;
endmodule
