// golden: traffic
// style: all registers in one struct: r and rin, two processes
module traffic (input logic clk, input logic rst, input logic car, output logic [2:0] light);
  typedef enum logic [1:0] {GO, SLOW, STOP} state_t;
  typedef struct packed {
    state_t     state;
    logic [2:0] timer;
  } registers_t;

  registers_t r, rin;

  always_comb begin : comb
    registers_t v;
    v = r;
    v.timer = v.timer + 3'd1;
    case (r.state)
      GO: if (r.timer >= 3'd3) begin
        if (car) begin
          v.state = SLOW;
          v.timer = '0;
        end
        else v.timer = 3'd3;
      end
      SLOW: if (r.timer == 3'd1) begin
        v.state = STOP;
        v.timer = '0;
      end
      default: if (r.timer == 3'd4) begin
        v.state = GO;
        v.timer = '0;
      end
    endcase
    rin = v;
  end : comb

  always_ff @(posedge clk or posedge rst) begin : seq
    if (rst) begin
      r.state <= GO;
      r.timer <= '0;
    end
    else r <= rin;
  end : seq

  assign light = {r.state == STOP, r.state == SLOW, r.state == GO};
endmodule
