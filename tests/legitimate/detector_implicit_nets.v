// golden: detector
// style: implicit nets between instances, no declarations
module detector (input clk, input rst_n, input din, output found);
  delay_bit z1 (clk, rst_n, din, one);
  delay_bit z2 (clk, rst_n, one, two);
  delay_bit z3 (clk, rst_n, two, three);
  delay_bit z4 (clk, rst_n, three, four);
  assign found = four & ~three & two & one;
endmodule
module delay_bit (input clk, input rst_n, input d, output reg q);
  always @(posedge clk or negedge rst_n) q <= rst_n & d;
endmodule
