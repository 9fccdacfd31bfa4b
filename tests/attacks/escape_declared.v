// golden: counter
// tries: declares a task with the name of a system task
module counter(input clk, input rst, input en, output reg [7:0] count);
  task \$finish ;
  endtask
  initial \$finish ;
  always @(posedge clk) count <= 8'd0;
endmodule
