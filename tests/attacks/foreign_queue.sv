// golden: counter
// tries: uses classes, queues and processes of the simulator
module counter(input clk, input rst, input en, output reg [7:0] count);
  int q [$];
  process p;
  initial p = process::self();
  always @(posedge clk) count <= 8'd0;
endmodule
