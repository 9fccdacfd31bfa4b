// golden: detector
// style: one clocked process for state and registered output
module detector (input clk, input rst_n, input din, output reg found);
  reg [2:0] state;
  always @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      state <= 3'd0;
      found <= 1'b0;
    end
    else begin
      found <= 1'b0;
      case (state)
        3'd0: state <= din ? 3'd1 : 3'd0;
        3'd1: state <= din ? 3'd1 : 3'd2;
        3'd2: state <= din ? 3'd3 : 3'd0;
        3'd3: begin
          state <= din ? 3'd1 : 3'd2;
          found <= din;
        end
        default: state <= 3'd0;
      endcase
    end
  end
endmodule
