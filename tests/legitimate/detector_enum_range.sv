// golden: detector
// style: enum whose names are made by a range
module detector (input logic clk, rst_n, din, output logic found);
  typedef enum logic [2:0] {S[5]} state_t;
  state_t state;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) state <= S0;
    else
      case (state)
        S0: if (din) state <= S1;
        S1: if (!din) state <= S2;
        S2: if (din) state <= S3; else state <= S0;
        S3: if (din) state <= S4; else state <= S2;
        default: if (din) state <= S1; else state <= S2;
      endcase
  assign found = state == S4;
endmodule
