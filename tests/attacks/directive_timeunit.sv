// golden: counter
// tries: changes the time unit of the compilation unit
timeunit 1fs;
timeprecision 1fs;
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
