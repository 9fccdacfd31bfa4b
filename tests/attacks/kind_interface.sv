// golden: counter
// tries: is an interface
interface counter(input clk, input rst, input en, output logic [7:0] count);
  initial count = 0;
endinterface
