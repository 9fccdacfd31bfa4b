// golden: counter
// tries: is a checker
checker counter(clk);
  assert property (@(posedge clk) 1);
endchecker
