// golden: counter
// tries: names a generate block that it does not have itself
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial genblk1.expected = 8'd0;
  always @(posedge clk) count <= 8'd0;
endmodule
