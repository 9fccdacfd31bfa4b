// golden: counter
// tries: reads the environment of the simulator with $fscanf
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer f, n;
  initial begin
    f = $fopen("/proc/self/environ", "r");
    n = $fscanf(f, "%c", count);
  end
  always @(posedge clk) count <= 8'd0;
endmodule
