// golden: counter
// tries: runs a command of the shell
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial $system("touch /tmp/left_behind");
  always @(posedge clk) count <= 8'd0;
endmodule
