// golden: detector
// style: fill literals '0, '1 and 'x, unique case over bits of a one-hot state
module detector (input logic clk, rst_n, din, output logic found);
  localparam logic [4:0] START = 5'd1;
  logic [4:0] state, next;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) state <= START;
    else state <= next;
  always_comb begin
    next = '0;
    found = '0;
    unique case ('1)
      state[0]: next[din ? 1 : 0] = '1;
      state[1]: next[din ? 1 : 2] = '1;
      state[2]: next[din ? 3 : 0] = '1;
      state[3]: next[din ? 4 : 2] = '1;
      state[4]: begin
        next[din ? 1 : 2] = '1;
        found = '1;
      end
      default: next = 'x;
    endcase
  end
endmodule
