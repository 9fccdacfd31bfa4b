// golden: detector
// style: next state as one chain of conditional operators
module detector (input clk, input rst_n, input din, output found);
  reg [2:0] s;
  wire [2:0] n = s == 0 ? (din ? 1 : 0)
               : s == 1 ? (din ? 1 : 2)
               : s == 2 ? (din ? 3 : 0)
               : s == 3 ? (din ? 4 : 2)
               :          (din ? 1 : 2);
  always @(posedge clk or negedge rst_n) s <= !rst_n ? 3'd0 : n;
  assign found = s == 3'd4;
endmodule
