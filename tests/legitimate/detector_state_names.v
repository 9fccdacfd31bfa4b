// golden: detector
// style: a register with the state's name as text for the waveform viewer
module detector (input clk, input rst_n, input din, output found);
  localparam IDLE = 0, ONE = 1, ONE_ZERO = 2, ONE_ZERO_ONE = 3, MATCH = 4;
  reg [2:0] state;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= IDLE;
    else case (state)
      IDLE: state <= din ? ONE : IDLE;
      ONE: state <= din ? ONE : ONE_ZERO;
      ONE_ZERO: state <= din ? ONE_ZERO_ONE : IDLE;
      ONE_ZERO_ONE: state <= din ? MATCH : ONE_ZERO;
      MATCH: state <= din ? ONE : ONE_ZERO;
    endcase
  assign found = state == MATCH;

`ifndef SYNTHESIS
  reg [8*12-1:0] state_name;
  always @*
    case (state)
      IDLE: state_name = "IDLE";
      ONE: state_name = "1___";
      ONE_ZERO: state_name = "10__";
      ONE_ZERO_ONE: state_name = "101_";
      MATCH: state_name = "1011 (match)";
      default: state_name = "?";
    endcase
`endif
endmodule
