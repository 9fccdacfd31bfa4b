// golden: detector
// style: a flip-flop helper whose reset value has the width of an earlier parameter
module detector (input clk, input rst_n, input din, output found);
  wire [2:0] state;
  wire [2:0] next = (state == 3'd0) ? {2'd0, din}
                  : (state == 3'd2) ? {1'b0, din, din}
                  : (state == 3'd3) ? {din, ~din, 1'b0}
                  : {1'b0, ~din, din};
  flop #(.W(3)) u_state (.clk(clk), .reset_n(rst_n), .d(next), .q(state));
  assign found = state[2];
endmodule
module flop #(parameter W = 1, parameter [W-1:0] RESET = {W{1'b0}})
             (input clk, input reset_n, input [W-1:0] d, output reg [W-1:0] q);
  always @(posedge clk or negedge reset_n)
    if (reset_n === 1'b0) q <= RESET;
    else q <= d;
endmodule
