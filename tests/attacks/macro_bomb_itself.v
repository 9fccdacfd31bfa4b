// golden: counter
// tries: expands a macro that uses itself
`define SELF `SELF `SELF
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire `SELF;
  always @(posedge clk) count <= 8'd0;
endmodule
