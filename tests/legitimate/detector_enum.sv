// golden: detector
// style: typedef enum without explicit values, always_ff and always_comb
module detector (
    input  logic clk,
    input  logic rst_n,
    input  logic din,
    output logic found
);

  typedef enum logic [2:0] {IDLE, S1, S10, S101, S1011} state_t;

  state_t current_state, next_state;

  always_ff @(posedge clk or negedge rst_n) begin : state_register
    if (!rst_n) current_state <= IDLE;
    else        current_state <= next_state;
  end

  always_comb begin : next_state_logic
    next_state = current_state; // stay by default
    case (current_state)
      IDLE:  if (din)  next_state = S1;
      S1:    if (!din) next_state = S10;
      S10:   if (din)  next_state = S101;
             else      next_state = IDLE;
      S101:  if (din)  next_state = S1011;
             else      next_state = S10;
      S1011: if (din)  next_state = S1;
             else      next_state = S10;
      default: next_state = IDLE;
    endcase
  end

  always_comb begin : output_logic
    found = 1'b0;
    if (current_state == S1011) found = 1'b1;
  end

endmodule
