// golden: detector
// style: state register and logic in modules of their own, states shared as parameters
module detector (input clk, input rst_n, input din, output found);
  wire [2:0] state, next;
  detector_state #(.WIDTH(3), .RESET_STATE(3'd0)) u_state (.clk, .rst_n, .d(next), .q(state));
  detector_logic #(.FOUND(3'd4)) u_logic (.state(state), .din(din), .next(next), .found(found));
endmodule

module detector_state #(parameter WIDTH = 1, parameter RESET_STATE = {WIDTH{1'b0}})
  (input clk, input rst_n, input [WIDTH-1:0] d, output reg [WIDTH-1:0] q);
  always @(posedge clk or negedge rst_n) if (!rst_n) q <= RESET_STATE; else q <= d;
endmodule

module detector_logic #(parameter FOUND = 3'd7)
  (input [2:0] state, input din, output reg [2:0] next, output found);
  assign found = state == FOUND;
  always @*
    case (state)
      3'd0: next = din ? 3'd1 : 3'd0;
      3'd2: next = din ? 3'd3 : 3'd0;
      3'd3: next = din ? FOUND : 3'd2;
      default: next = din ? 3'd1 : 3'd2;
    endcase
endmodule
