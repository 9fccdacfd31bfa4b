// golden: detector
// tries: drives the output with 0 and with 1, which gives x
module detector(input clk, input rst_n, input din, output found);
  assign found = 1'b0;
  assign found = 1'b1;
endmodule
