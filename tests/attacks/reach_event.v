// golden: counter
// tries: triggers an event of the testbench
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial -> tb.done;
  always @(posedge clk) count <= 8'd0;
endmodule
