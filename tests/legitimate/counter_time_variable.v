// golden: counter
// style: a variable of type time
module counter (input clk, input rst, input en, output [7:0] count);
  time cycles;
  always @(posedge clk)
    if (rst) cycles <= 0;
    else if (en) cycles <= cycles + 1;
  assign count = cycles;
endmodule
