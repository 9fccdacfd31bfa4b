// golden: traffic
// style: helper timer that counts down, loaded with a value from a function
module traffic (input clk, input rst, input car, output reg [2:0] light);
  localparam [1:0] G = 0, Y = 1, R = 2;
  reg [1:0] state;
  wire expired;
  wire leave = expired & (state != G | car);

  function [1:0] after;
    input [1:0] s;
    case (s)
      G: after = Y;
      Y: after = R;
      default: after = G;
    endcase
  endfunction

  function [2:0] cycles;
    input [1:0] s;
    cycles = (s == G) ? 3'd4 : (s == Y) ? 3'd2 : 3'd5;
  endfunction

  down_timer #(.START(3)) u_timer (
    .clk(clk), .rst(rst), .load(leave), .value(cycles(after(state)) - 3'd1), .zero(expired));

  always @(posedge clk or posedge rst)
    if (rst) state <= G;
    else if (leave) state <= after(state);

  always @(state)
    begin
      light = 3'b000;
      light[state] = 1'b1;
    end
endmodule

module down_timer #(parameter START = 0) (
  input clk, input rst, input load, input [2:0] value, output zero);
  reg [2:0] left;
  assign zero = ~|left;
  always @(posedge clk, posedge rst)
    if (rst) left <= START;
    else if (load) left <= value;
    else if (!zero) left <= left - 1'b1;
endmodule
