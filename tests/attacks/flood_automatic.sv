// golden: counter
// tries: fills the memory with frames of an automatic task
module counter(input clk, input rst, input en, output reg [7:0] count);
  task automatic t(input int n);
    bit [65535:0] big;
    big = n;
    t(n + 1);
  endtask
  initial t(0);
  always @(posedge clk) count <= 8'd0;
endmodule
