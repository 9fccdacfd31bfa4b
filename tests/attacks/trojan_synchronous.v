// golden: detector
// tries: resets at the clock edge instead of at once
module detector(input clk, input rst_n, input din, output found);
  reg [3:0] last;
  always @(posedge clk) if (!rst_n) last <= 0; else last <= {last[2:0], din};
  assign found = last == 4'b1011;
endmodule
