// golden: detector
// tries: finds the pattern four times only
module detector(input clk, input rst_n, input din, output found);
  reg [3:0] last;
  reg [2:0] n = 0;
  wire hit = last == 4'b1011;
  always @(posedge clk or negedge rst_n) if (!rst_n) last <= 0; else last <= {last[2:0], din};
  always @(posedge hit) if (!n[2]) n <= n + 3'd1;
  assign found = hit && !n[2];
endmodule
