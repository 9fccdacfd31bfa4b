// golden: detector
// tries: lets a sequence and a clocking block sample the testbench
module detector(input clk, input rst_n, input din, output found);
  clocking cb @(posedge clk);
    input din;
  endclocking
  cover property (@(posedge clk) din);
  assign found = 1'b0;
endmodule
