// golden: counter
// tries: puts a zero-width space into the name of the module
module coun​ter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
