// golden: detector
// style: one-hot state examined with case (1'b1), default of unknown bits
module detector (input clk, input rst_n, input din, output found);
  parameter NONE = 0, GOT_1 = 1, GOT_10 = 2, GOT_101 = 3, GOT_1011 = 4;
  reg [4:0] state, next;

  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      state <= 5'b0;
      state[NONE] <= 1'b1;
    end else
      state <= next;

  always @(state or din) begin
    next = 5'b0;
    case (1'b1) // synopsys full_case parallel_case
      state[NONE]     : if (din) next[GOT_1] = 1'b1;
                        else next[NONE] = 1'b1;
      state[GOT_1]    : if (din) next[GOT_1] = 1'b1;
                        else next[GOT_10] = 1'b1;
      state[GOT_10]   : if (din) next[GOT_101] = 1'b1;
                        else next[NONE] = 1'b1;
      state[GOT_101]  : if (din) next[GOT_1011] = 1'b1;
                        else next[GOT_10] = 1'b1;
      state[GOT_1011] : if (din) next[GOT_1] = 1'b1;
                        else next[GOT_10] = 1'b1;
      default         : next = 5'bx;
    endcase
  end

  assign found = state[GOT_1011];
endmodule
