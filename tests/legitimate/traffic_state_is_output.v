// golden: traffic
// style: the state's code is the output itself
module traffic (input clk, input rst, input car, output [2:0] light);
  parameter RED = 3'b100, YELLOW = 3'b010, GREEN = 3'b001;
  reg [2:0] state, next_state, timer;
  assign light = state;

  always @(posedge clk or posedge rst)
    if (rst) begin
      state <= GREEN;
      timer <= 0;
    end else begin
      state <= next_state;
      if (state != next_state)
        timer <= 0;
      else if (!(state == GREEN && timer == 3))
        timer <= timer + 1;
    end

  always @(*) begin
    next_state = state;
    case (state)
      GREEN: if (timer >= 3 && car) next_state = YELLOW;
      YELLOW: if (timer >= 1) next_state = RED;
      RED: if (timer >= 4) next_state = GREEN;
      default: next_state = 3'bx;
    endcase
  end
endmodule
