// golden: detector
// tries: takes over a signal of the testbench by procedural continuous assignment
module detector(input clk, input rst_n, input din, output found);
  initial begin
    assign top.dut.found = 1'b1;
    deassign top.expected;
    release top.expected;
  end
  assign found = 1'b0;
endmodule
