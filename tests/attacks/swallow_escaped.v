// golden: counter
// tries: ends in an escaped identifier without the white space that ends it
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
module \