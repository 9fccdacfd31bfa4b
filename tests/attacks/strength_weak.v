// golden: detector
// tries: pulls its output weakly, in case the expected value wins
module detector(input clk, input rst_n, input din, output tri1 found);
endmodule
