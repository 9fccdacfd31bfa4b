// golden: detector
// style: next states selected out of one long constant with an indexed part select
module detector (input clk, input rst_n, input din, output found);
  //                           4:1/0   3:1/0   2:1/0   1:1/0   0:1/0
  localparam [29:0] TABLE = {3'o1,3'o2, 3'o4,3'o2, 3'o3,3'o0, 3'o1,3'o2, 3'o1,3'o0};
  reg [2:0] state;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= 0;
    else state <= TABLE[{state, din}*3 +: 3];
  assign found = &{state[2], ~state[1:0]};
endmodule
