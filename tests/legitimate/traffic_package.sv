// golden: traffic
// style: lights as an enum in a package, used for the output port as well
package traffic_pkg;
  typedef enum logic [2:0] {
    GREEN  = 3'b001,
    YELLOW = 3'b010,
    RED    = 3'b100
  } light_t;

  localparam int GREEN_CYCLES = 4, YELLOW_CYCLES = 2, RED_CYCLES = 5;
endpackage

module traffic import traffic_pkg::*; (
    input  logic   clk,
    input  logic   rst,
    input  logic   car,
    output light_t light
);
  logic [2:0] timer;
  always_ff @(posedge clk or posedge rst) begin
    if (rst) begin
      light <= GREEN;
      timer <= '0;
    end else begin
      timer <= timer + 1'b1;
      case (light)
        GREEN:
          if (timer == GREEN_CYCLES - 1) begin
            timer <= timer;
            if (car) begin
              light <= YELLOW;
              timer <= '0;
            end
          end
        YELLOW:
          if (timer == YELLOW_CYCLES - 1) begin
            light <= RED;
            timer <= '0;
          end
        default:
          if (timer == RED_CYCLES - 1) begin
            light <= GREEN;
            timer <= '0;
          end
      endcase
    end
  end
endmodule
