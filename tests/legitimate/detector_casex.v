// golden: detector
// style: casex with don't-care digits in capital and small letters
module detector (input clk, input rst_n, input din, output found);
  reg [2:0] state;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= 0;
    else
      casex ({din, state})
        4'b0_X00: state <= (state == 3'b100) ? 3'd2 : 3'd0;
        4'b0_x10: state <= 3'd0;
        4'b0_xx1: state <= 3'd2;
        4'b1_010: state <= 3'd3;
        4'b1_011: state <= 3'd4;
        default: state <= 3'd1;
      endcase
  assign found = state == 3'd4;
endmodule
