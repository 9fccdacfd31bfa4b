// golden: counter
// tries: calls a function of the compiler without its argument
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire [7:0] w = $signed();
  wire [7:0] h = $high;
  always @(posedge clk) count <= 8'd0;
endmodule
