// golden: counter
// tries: makes an input and an output one net
module counter(input clk, input rst, input en, output reg [7:0] count);
  alias rst = en;
  always @(posedge clk) count <= 8'd0;
endmodule
