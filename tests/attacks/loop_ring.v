// golden: counter
// tries: oscillates in a ring of continuous assignments
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire p;
  assign p = (p !== 1'b1);
  always @(posedge clk) count <= 8'd0;
endmodule
