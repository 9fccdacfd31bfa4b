// golden: detector
// tries: delays its output with a specify block
module detector(input clk, input rst_n, input din, output found);
  specify
    (clk => found) = 100;
  endspecify
  assign found = 1'b0;
endmodule
