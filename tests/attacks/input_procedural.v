// golden: counter
// tries: writes to an input from an initial block
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial rst = 1'b1;
  always @(posedge clk) count <= 8'd0;
endmodule
