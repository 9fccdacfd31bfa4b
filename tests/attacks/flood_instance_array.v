// golden: counter
// tries: instantiates arrays of arrays of arrays
module counter(input clk, input rst, input en, output reg [7:0] count);
  a u[0:9999]();
  always @(posedge clk) count <= 8'd0;
endmodule
module a;
  b u[0:9999]();
endmodule
module b;
  reg [1023:0] r;
  initial r = 1;
endmodule
