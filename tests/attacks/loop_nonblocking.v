// golden: counter
// tries: wakes itself with nonblocking assignments for ever
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg p = 0;
  always @(p) p <= !p;
  initial p <= 1;
  always @(posedge clk) count <= 8'd0;
endmodule
