// golden: detector
// tries: answers in the cycle in which the last bit arrives
module detector(input clk, input rst_n, input din, output found);
  reg [2:0] last;
  always @(posedge clk or negedge rst_n) if (!rst_n) last <= 0; else last <= {last[1:0], din};
  assign found = {last, din} == 4'b1011;
endmodule
