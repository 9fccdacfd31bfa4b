// golden: counter
// tries: writes lines that look like samples to standard output
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(clk) $write("%b\n", count + 8'd1);
  always @(posedge clk) count <= 8'd0;
endmodule
