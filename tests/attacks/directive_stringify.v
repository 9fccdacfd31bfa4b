// golden: counter
// tries: calls a macro by an escaped name
`define PASS
module counter(input clk, input rst, input en, output reg [7:0] count);
  `\PASS wire w;
  always @(posedge clk) count <= 8'd0;
endmodule
