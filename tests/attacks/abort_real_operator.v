// golden: counter
// tries: makes the simulator fail an assertion of its own: the complement of a real number
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial count = ~1.5;
  always @(posedge clk) count <= 8'd0;
endmodule
