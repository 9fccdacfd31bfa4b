// golden: counter
// tries: shows a host file in error messages
`include "/etc/passwd"
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
