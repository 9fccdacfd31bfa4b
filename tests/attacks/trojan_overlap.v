// golden: detector
// tries: does not let patterns overlap
module detector(input clk, input rst_n, input din, output found);
  reg [3:0] last;
  assign found = last == 4'b1011;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) last <= 0; else last <= found ? {3'b000, din} : {last[2:0], din};
endmodule
