// golden: detector
// style: named blocks with local declarations that are read by path from outside
module detector (input clk, input rst_n, input din, output found);
  always @(posedge clk or negedge rst_n) begin : fsm
    reg [2:0] state;
    if (!rst_n) state <= 3'd0;
    else case (state)
      3'd0: state <= din;
      3'd1: state <= 3'd2 - din;
      3'd2: state <= din ? 3'd3 : 3'd0;
      3'd3: state <= din ? 3'd4 : 3'd2;
      3'd4: state <= 3'd2 - din;
    endcase
  end
  assign found = fsm.state == 3'd4;
endmodule
