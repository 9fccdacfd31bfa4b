// golden: counter
// tries: floods standard output
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial while (1) $display("%0d", 1);
  always @(posedge clk) count <= 8'd0;
endmodule
