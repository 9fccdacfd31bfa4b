// golden: counter
// tries: writes to an input through a task that returns a value
module counter(input clk, input rst, input en, output reg [7:0] count);
  task t;
    inout x;
    x = 1'b1;
  endtask
  initial t(rst);
  always @(posedge clk) count <= 8'd0;
endmodule
