// golden: detector
// tries: stops for an interactive prompt that nobody answers
module detector(input clk, input rst_n, input din, output found);
  initial $stop;
  assign found = 1'b0;
endmodule
