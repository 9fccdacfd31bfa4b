// golden: counter
// tries: drives its inputs through the port of a helper
module counter(input clk, input rst, input en, output reg [7:0] count);
  driver u(.w(rst));
  always @(posedge clk) count <= 8'd0;
endmodule
module driver(inout w);
  assign w = 1'b1;
endmodule
