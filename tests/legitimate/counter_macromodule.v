// golden: counter
// style: macromodule instead of module for a helper and the design
macromodule counter (input clk, input rst, input en, output [7:0] count);
  wire [7:0] d = rst ? 8'd0 : count + en;
  dff8 ff (count, d, clk);
endmodule
macromodule dff8 (output reg [7:0] q, input [7:0] d, input clk);
  always @(posedge clk) q <= d;
endmodule
