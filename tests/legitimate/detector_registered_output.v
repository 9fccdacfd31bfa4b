// golden: detector
// style: output registered from the next state, equal to a Moore output
module detector (input clk, input rst_n, input din, output reg found);
  localparam S0 = 2'b00, S1 = 2'b01, S10 = 2'b10, S101 = 2'b11;
  reg [1:0] state, next_state;
  reg next_found;

  always @* begin
    next_state = S0;
    next_found = 1'b0;
    case (state)
      S0: next_state = din ? S1 : S0;
      S1: next_state = din ? S1 : S10;
      S10: next_state = din ? S101 : S0;
      S101: {next_found, next_state} = din ? {1'b1, S1} : {1'b0, S10};
    endcase
  end

  always @(posedge clk or negedge rst_n)
    if (!rst_n) {found, state} <= {1'b0, S0};
    else {found, state} <= {next_found, next_state};
endmodule
