// golden: counter
// tries: leaves a comment open over the next file
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
/* the rest is mine