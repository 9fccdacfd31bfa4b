// golden: detector
// style: chain of if and else if instead of a case
module detector (input clk, input rst_n, input din, output reg found);
  parameter A = 3'd0, B = 3'd1, C = 3'd2, D = 3'd3, E = 3'd4;
  reg [2:0] state, next;
  always @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      state <= A;
    end else begin
      state <= next;
    end
  end
  always @(state, din) begin
    if (state == A) begin
      if (din == 1) next = B;
      else next = A;
    end else if (state == B) begin
      if (din == 0) next = C;
      else next = B;
    end else if (state == C) begin
      if (din == 1) next = D;
      else next = A;
    end else if (state == D) begin
      if (din == 1) next = E;
      else next = C;
    end else if (state == E) begin
      if (din == 1) next = B;
      else next = C;
    end else begin
      next = A;
    end
    found = 0;
    if (state == E) found = 1;
  end
endmodule
