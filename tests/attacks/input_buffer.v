// golden: counter
// tries: puts a gate from its output to its input
module counter(input clk, input rst, input en, output reg [7:0] count);
  buf (en, count[0]);
  bufif1 (rst, 1'b1, clk);
  always @(posedge clk) count <= 8'd0;
endmodule
