// golden: counter
// tries: pulls its inputs and outputs up and down
module counter(input clk, input rst, input en, output reg [7:0] count);
  pullup (rst);
  pulldown (en);
  always @(posedge clk) count <= 8'd0;
endmodule
