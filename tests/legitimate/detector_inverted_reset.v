// golden: detector
// style: reset inverted into a signal that is active high
module detector (input clk, input rst_n, input din, output found);
  wire reset = ~rst_n;
  reg [2:0] s;
  always @(posedge clk or posedge reset)
    if (reset) s <= 3'd0;
    else case (s)
      3'd0: s <= din ? 3'd1 : 3'd0;
      3'd1: s <= din ? 3'd1 : 3'd2;
      3'd2: s <= din ? 3'd3 : 3'd0;
      3'd3: s <= din ? 3'd4 : 3'd2;
      3'd4: s <= din ? 3'd1 : 3'd2;
      default: s <= 3'd0;
    endcase
  assign found = s == 3'd4;
endmodule
