// golden: counter
// tries: maps its own name to the golden with a library and a config
config pick;
  design work.counter;
  instance counter.u liblist golden;
endconfig
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
