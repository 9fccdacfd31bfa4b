// golden: counter
// tries: is no Verilog but an answer in prose
Here is the counter that you asked for. TEST PASSED
