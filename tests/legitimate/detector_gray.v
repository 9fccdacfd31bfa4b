// golden: detector
// style: state codes that change by one bit between neighbours
module detector (input clk, input rst_n, input din, output found);
  localparam [2:0]
    S0 = 3'b000,
    S1 = 3'b001,
    S2 = 3'b011,
    S3 = 3'b010,
    S4 = 3'b110;
  (* fsm_encoding = "user" *)
  reg [2:0] state;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= S0;
    else
      case (state)
        S0: if (din) state <= S1;
        S1: if (~din) state <= S2;
        S2: if (din) state <= S3; else state <= S0;
        S3: if (din) state <= S4; else state <= S2;
        S4: if (din) state <= S1; else state <= S2;
        default: state <= S0;
      endcase
  assign found = (state == S4) ? 1'b1 : 1'b0;
endmodule
