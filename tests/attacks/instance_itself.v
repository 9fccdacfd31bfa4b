// golden: counter
// tries: instantiates a module of its own name, hoping that the golden is found first
module counter(input clk, input rst, input en, output [7:0] count);
  counter u(.clk(clk), .rst(rst), .en(en), .count(count));
endmodule
