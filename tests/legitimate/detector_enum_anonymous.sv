// golden: detector
// style: anonymous enum of two variables, int as its base, values given for some names
module detector (input logic clk, rst_n, din, output logic found);
  enum int {NONE = 10, GOT_1, GOT_10, GOT_101 = 20, GOT_1011} state, next;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) state <= NONE;
    else state <= next;
  always_comb begin
    next = GOT_10;
    case (state)
      NONE: if (din) next = GOT_1; else next = NONE;
      GOT_1: if (din) next = GOT_1;
      GOT_10: if (din) next = GOT_101; else next = NONE;
      GOT_101: if (din) next = GOT_1011;
      default: if (din) next = GOT_1;
    endcase
  end
  assign found = state == GOT_1011;
endmodule
