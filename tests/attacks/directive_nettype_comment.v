// golden: counter
// tries: a comment ends where it is cut
// xxxxxxxxxxxx none
`default_nettype tri1
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
