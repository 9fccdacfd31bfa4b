// golden: detector
// tries: runs code from the action of an assertion
module detector(input clk, input rst_n, input din, output found);
  assert property (@(posedge clk) 1) $display("TEST PASSED");
  initial assert (1) $finish;
  assign found = 1'b0;
endmodule
