// golden: counter
// tries: wakes thousands of blocks a thousand times at each edge
module counter(input clk, input rst, input en, output reg [7:0] count);
  genvar i;
  generate
    for (i = 0; i < 5000; i = i + 1) begin : g
      reg [9:0] n = 0;
      always @(clk) n <= n + 1;
      always @(n) if (n != 0) n <= n + 1;
    end
  endgenerate
  always @(posedge clk) count <= 8'd0;
endmodule
