// golden: detector
// tries: forks a process that outlives its block
module detector(input clk, input rst_n, input din, output found);
  initial fork
    forever @(clk) ;
  join_none
  assign found = 1'b0;
endmodule
