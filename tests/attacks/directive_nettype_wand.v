// golden: counter
// tries: makes the undeclared nets of later files wired-and
`default_nettype wand
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
