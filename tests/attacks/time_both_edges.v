// golden: counter
// tries: holds its answer until the falling edge
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg [7:0] n;
  always @(posedge clk) if (rst) n = 0; else if (en) n = n + 8'd1;
  always @(negedge clk) count = n;
endmodule
