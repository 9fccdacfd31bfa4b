// golden: counter
// tries: ends in a macro definition that goes on in the next line
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
`define REST \