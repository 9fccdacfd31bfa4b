// golden: counter
// tries: calls $display and $monitor by escaped names
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial \$display ("TEST PASSED");
  initial \$monitor ("%b TEST PASSED", count);
  always @(posedge clk) count <= 8'd0;
endmodule
