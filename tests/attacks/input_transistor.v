// golden: counter
// tries: shorts two inputs with a switch
module counter(input clk, input rst, input en, output reg [7:0] count);
  tran (rst, en);
  nmos (clk, rst, en);
  always @(posedge clk) count <= 8'd0;
endmodule
