// golden: detector
// style: enum with explicit one-hot values
module detector (
    input  logic clk,
    input  logic rst_n,
    input  logic din,
    output logic found
);
  typedef enum logic [4:0] {
    NONE     = 5'b00001,
    GOT_1    = 5'b00010,
    GOT_10   = 5'b00100,
    GOT_101  = 5'b01000,
    GOT_1011 = 5'b10000
  } state_t;
  state_t state, next;

  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) state <= NONE;
    else state <= next;

  always_comb begin
    next = NONE;
    unique case (state)
      NONE:            if (din) next = GOT_1;
      GOT_1, GOT_1011: if (din) next = GOT_1; else next = GOT_10;
      GOT_10:          if (din) next = GOT_101;
      GOT_101:         if (din) next = GOT_1011; else next = GOT_10;
      default:         next = NONE;
    endcase
  end

  assign found = (state == GOT_1011);
endmodule
