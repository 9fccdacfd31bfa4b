// golden: counter
// tries: is right while the clock is high and 0 while it is low
module counter(input clk, input rst, input en, output [7:0] count);
  reg [7:0] n;
  always @(posedge clk) if (rst) n <= 0; else if (en) n <= n + 8'd1;
  assign count = clk ? n : 8'd0;
endmodule
