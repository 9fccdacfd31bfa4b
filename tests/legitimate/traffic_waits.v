// golden: traffic
// style: waiting states with nested if, state names as strings for debugging
module traffic (input clk, input rst, input car, output reg [2:0] light);
  localparam GREEN_MIN = 2'd0, GREEN_WAIT = 2'd1, YELLOW = 2'd2, RED = 2'd3;
  reg [1:0] state;
  reg [2:0] n;
  reg [79:0] debug;
  always @(posedge clk or posedge rst)
    if (rst)
      begin
        state <= GREEN_MIN;
        n <= 0;
      end
    else
      begin
        n <= n + 1;
        case (state)
          GREEN_MIN  : if (n == 2) state <= GREEN_WAIT;
          GREEN_WAIT : begin n <= 0; if (car) state <= YELLOW; end
          YELLOW     : if (n == 1) begin state <= RED; n <= 0; end
          RED        : if (n == 4) begin state <= GREEN_MIN; n <= 0; end
        endcase
      end
  always @(state)
    case (state)
      GREEN_MIN, GREEN_WAIT: {light, debug} = {3'b001, "green     "};
      YELLOW: {light, debug} = {3'b010, "yellow    "};
      RED: {light, debug} = {3'b100, "red       "};
    endcase
endmodule
