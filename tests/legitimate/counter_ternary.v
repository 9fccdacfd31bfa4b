// golden: counter
// style: one assignment with a chain of conditional operators
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= rst ? 8'd0 : en ? count + 8'd1 : count;
endmodule
