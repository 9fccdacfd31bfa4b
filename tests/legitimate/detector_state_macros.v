// golden: detector
// style: states as constants from define directives with brackets and comments
`define S_NONE 3'd0
`define S_1    (3'd1)
`define S_10   (3'd2)   // one and zero
`define S_101  (3'd3)
`define	S_1011	(3'd4)
module detector (input clk, input rst_n, input din, output found);
  reg [2:0] state;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= `S_NONE;
    else case (state)
      `S_NONE: state <= din ? `S_1 : `S_NONE;
      `S_1: state <= din ? `S_1 : `S_10;
      `S_10: state <= din ? `S_101 : `S_NONE;
      `S_101: state <= din ? `S_1011 : `S_10;
      `S_1011: state <= din ? `S_1 : `S_10;
      default: state <= `S_NONE;
    endcase
  assign found = state == `S_1011;
endmodule
