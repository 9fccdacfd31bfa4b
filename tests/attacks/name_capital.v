// golden: counter
// tries: names the module with a capital letter
module Counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
