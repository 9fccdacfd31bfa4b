// golden: counter
// tries: instantiates a module in itself with another parameter, without end
module counter(input clk, input rst, input en, output reg [7:0] count);
  r #(0) u();
  always @(posedge clk) count <= 8'd0;
endmodule
module r #(parameter N = 0);
  r #(N + 1) u();
endmodule
