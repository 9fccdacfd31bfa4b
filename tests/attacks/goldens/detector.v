module detector(
  input clk,
  input rst_n,
  input din,
  output found
);
  localparam [2:0] NONE = 3'd0, GOT_1 = 3'd1, GOT_10 = 3'd2, GOT_101 = 3'd3, GOT_1011 = 3'd4;
  reg [2:0] state, next;

  always @*
    case (state)
      NONE: next = din ? GOT_1 : NONE;
      GOT_1: next = din ? GOT_1 : GOT_10;
      GOT_10: next = din ? GOT_101 : NONE;
      GOT_101: next = din ? GOT_1011 : GOT_10;
      GOT_1011: next = din ? GOT_1 : GOT_10;
      default: next = NONE;
    endcase

  always @(posedge clk or negedge rst_n)
    if (!rst_n)
      state <= NONE;
    else
      state <= next;

  assign found = (state == GOT_1011);
endmodule
