// golden: detector
// tries: reports timing violations of the testbench
module detector(input clk, input rst_n, input din, output found);
  specify
    $setup(din, posedge clk, 10);
  endspecify
  assign found = 1'b0;
endmodule
