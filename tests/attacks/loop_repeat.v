// golden: counter
// tries: repeats four billion times, often
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer i;
  always @(clk) repeat (32'hffffffff) repeat (32'hffffffff) i = 0;
  always @(posedge clk) count <= 8'd0;
endmodule
