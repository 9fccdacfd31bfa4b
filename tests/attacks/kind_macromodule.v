// golden: counter
// tries: is a macromodule, which some tools inline
macromodule counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
