// golden: counter
// tries: names a port like a keyword of another version
module counter(input clk, input rst, input logic en, input \do , output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
