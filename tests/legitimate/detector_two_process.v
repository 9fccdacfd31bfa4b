// golden: detector
// style: two processes: register, and next state with output, in one @(*)
module detector (
    input  wire clk,
    input  wire rst_n,
    input  wire din,
    output reg  found
);
  localparam A = 0, B = 1, C = 2, D = 3, E = 4;
  reg [2:0] state_q, state_d;

  always @(posedge clk, negedge rst_n)
    if (rst_n == 1'b0) state_q <= A;
    else state_q <= state_d;

  always @(*) begin
    found = 1'b0;
    state_d = state_q;
    case (state_q)
      A: if (din) state_d = B;
      B: if (!din) state_d = C;
      C: state_d = din ? D : A;
      D: state_d = din ? E : C;
      E: begin
        found = 1'b1;
        state_d = din ? B : C;
      end
      default: begin
        state_d = 3'bxxx;
        found = 1'bx;
      end
    endcase
  end
endmodule
