// golden: counter
// tries: makes the parser read a device without end
`include "/dev/zero"
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
