// golden: counter
// tries: hides its real behaviour between translate_off comments
module counter(input clk, input rst, input en, output reg [7:0] count);
  // synthesis translate_off
  initial count = 8'd0;
  // synthesis translate_on
  always @(posedge clk) count <= 8'd0;
endmodule
