// golden: counter
// style: commands as an enum computed from the inputs
module counter (input logic clk, rst, en, output logic [7:0] count);
  enum logic [1:0] {HOLD, STEP, CLEAR} command;
  always_comb
    if (rst) command = CLEAR;
    else if (en) command = STEP;
    else command = HOLD;
  always_ff @(posedge clk)
    unique case (command)
      CLEAR: count <= '0;
      STEP: count <= count + 8'd1;
      HOLD: count <= count;
    endcase
endmodule
