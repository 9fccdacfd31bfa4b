// golden: counter
// tries: never lets time advance: a zero delay in an always block
module counter(input clk, input rst, input en, output reg [7:0] count);
  always #0 count = 8'd0;
endmodule
