// golden: counter
// tries: calls a function of the compiler as a task, which the simulator does not know
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial $signed(count);
  always @(posedge clk) count <= 8'd0;
endmodule
