// golden: counter
// tries: redefines words that later files might use as macros
`define posedge negedge
`define RESERVED x
`define endmodule 
`define SIMULATION 1
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
