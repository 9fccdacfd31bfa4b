// golden: counter
// tries: never lets time advance: an always block without timing
module counter(input clk, input rst, input en, output reg [7:0] count);
  always count = 8'd0;
endmodule
