// golden: counter
// tries: calls a static task from itself
module counter(input clk, input rst, input en, output reg [7:0] count);
  task t;
    t;
  endtask
  initial t;
  always @(posedge clk) count <= 8'd0;
endmodule
