// golden: counter
// tries: is an extern declaration only, to be filled in by another file
extern module counter(input clk, input rst, input en, output reg [7:0] count);
