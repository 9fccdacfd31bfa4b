// golden: counter
// tries: declares the golden as an extern module
extern module golden(input clk, output [7:0] count);
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
