// golden: counter
// tries: has an output that is wider than asked for, with the answer on top
module counter(input clk, input rst, input en, output reg [15:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
