// Traffic light {red, yellow, green}: green for four cycles and until a car waits, yellow for two, red for five.
// Asynchronous reset, active high.
module traffic (
    input            clk,
    input            rst,
    input            car,
    output reg [2:0] light
);
  localparam GREEN = 2'd0, YELLOW = 2'd1, RED = 2'd2;
  reg [1:0] state;
  reg [2:0] timer;

  always @(posedge clk or posedge rst)
    if (rst) begin
      state <= GREEN;
      timer <= 3'd0;
    end else begin
      timer <= timer + 3'd1;
      case (state)
        GREEN:
          if (timer == 3'd3) begin
            timer <= 3'd3;
            if (car) begin
              state <= YELLOW;
              timer <= 3'd0;
            end
          end
        YELLOW:
          if (timer == 3'd1) begin
            state <= RED;
            timer <= 3'd0;
          end
        default:
          if (timer == 3'd4) begin
            state <= GREEN;
            timer <= 3'd0;
          end
      endcase
    end

  always @*
    case (state)
      GREEN: light = 3'b001;
      YELLOW: light = 3'b010;
      default: light = 3'b100;
    endcase
endmodule
