// golden: counter
// tries: binds a module that prints into the golden
bind counter spy s(.clk(clk));
module spy(input clk);
endmodule
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
