// golden: counter
// tries: calls a system task of a loaded library
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial $my_system_task(count);
  always @(posedge clk) count <= 8'd0;
endmodule
