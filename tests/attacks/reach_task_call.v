// golden: counter
// tries: calls a task of the testbench
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) tb.pass;
  always @(posedge clk) count <= 8'd0;
endmodule
