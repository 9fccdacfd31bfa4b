// golden: counter
// tries: oscillates in a ring of gates that the first reset starts
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire p, q;
  nand (p, q, rst);
  buf (q, p);
  always @(posedge clk) count <= 8'd0;
endmodule
