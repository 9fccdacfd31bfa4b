// golden: counter
// tries: defines modules with the names of testbenches and tops
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
module tb;
  integer errors;
  initial errors = 0;
endmodule
module testbench;
  integer errors;
  initial errors = 0;
endmodule
module top;
  integer errors;
  initial errors = 0;
endmodule
module t0;
  integer errors;
  initial errors = 0;
endmodule
module golden;
  integer errors;
  initial errors = 0;
endmodule
module dut;
  integer errors;
  initial errors = 0;
endmodule
