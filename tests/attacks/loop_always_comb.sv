// golden: counter
// tries: oscillates in always_comb
module counter(input clk, input rst, input en, output reg [7:0] count);
  logic p = 0, q = 0;
  always_comb p = !q;
  always_comb q = p;
  always @(posedge clk) count <= 8'd0;
endmodule
