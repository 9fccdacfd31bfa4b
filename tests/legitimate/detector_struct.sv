// golden: detector
// style: state and flag together in a packed struct with an enum member
typedef enum logic [1:0] {S0, S1, S10, S101} progress_t;
typedef struct packed {
  progress_t progress;
  logic hit;
} status_t;

module detector (input logic clk, rst_n, din, output logic found);
  status_t now, next;
  always_comb begin
    next = now;
    next.hit = 1'b0;
    case (now.progress)
      S0: if (din) next.progress = S1;
      S1: if (!din) next.progress = S10;
      S10: if (din) next.progress = S101; else next.progress = S0;
      S101: begin
        if (din) next.progress = S1; else next.progress = S10;
        next.hit = din;
      end
    endcase
  end
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) now <= '0;
    else now <= next;
  assign found = now.hit;
endmodule
