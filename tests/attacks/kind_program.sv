// golden: counter
// tries: is a program
program counter(input clk, input rst, input en, output logic [7:0] count);
  initial count = 0;
endprogram
