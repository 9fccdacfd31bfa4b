// golden: traffic
// style: durations computed from parameters for clock and time, with real division
module traffic #(
  parameter CLOCK_HZ = 2,
  parameter GREEN_MS = 2000,
  parameter YELLOW_MS = 1000,
  parameter RED_MS = 2500
) (input clk, input rst, input car, output reg [2:0] light);
  localparam integer GREEN_TICKS = CLOCK_HZ * (GREEN_MS / 1000.0);
  localparam YELLOW_TICKS = (CLOCK_HZ * YELLOW_MS) / 1000;
  localparam RED_TICKS = CLOCK_HZ * RED_MS / 1000;
  localparam MOST = (RED_TICKS > GREEN_TICKS) ? RED_TICKS : GREEN_TICKS;

  reg [$clog2(MOST+1)-1:0] ticks;
  wire last = (light[0] & ticks == GREEN_TICKS - 1)
            | (light[1] & ticks == YELLOW_TICKS - 1)
            | (light[2] & ticks == RED_TICKS - 1);

  always @(posedge clk or posedge rst)
    if (rst) begin
      light <= 3'b001;
      ticks <= 'd0;
    end
    else if (last) begin
      if (!light[0] || car) begin
        light <= {light[1:0], light[2]};
        ticks <= 'd0;
      end
    end
    else
      ticks <= ticks + 'd1;
endmodule
