// golden: traffic
// style: enum states, timer in a process of its own, always_comb for the lights
module traffic (
    input  logic       clk,
    input  logic       rst,
    input  logic       car,
    output logic [2:0] light
);
  typedef enum logic [1:0] {GREEN, YELLOW, RED} phase_e;
  phase_e phase, phase_next;
  logic [2:0] timer;
  logic       restart;

  always_ff @(posedge clk or posedge rst)
    if (rst) phase <= GREEN;
    else     phase <= phase_next;

  always_ff @(posedge clk or posedge rst)
    if (rst)          timer <= '0;
    else if (restart) timer <= '0;
    else if (phase != GREEN || timer < 3) timer <= timer + 1'b1;

  always_comb begin
    phase_next = phase;
    unique case (phase)
      GREEN:  if (timer == 3 && car) phase_next = YELLOW;
      YELLOW: if (timer == 1)        phase_next = RED;
      RED:    if (timer == 4)        phase_next = GREEN;
      default:                       phase_next = GREEN;
    endcase
    restart = phase_next != phase;
  end

  always_comb
    case (phase)
      GREEN:   light = 3'b001;
      YELLOW:  light = 3'b010;
      default: light = 3'b100;
    endcase
endmodule
