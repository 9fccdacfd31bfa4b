// golden: counter
// tries: runs on an event of its own
module counter(input clk, input rst, input en, output reg [7:0] count);
  event step;
  always @(posedge clk) -> step;
  always @(step) if (rst) count = 0; else count = count + 8'd1;
endmodule
