// golden: counter
// tries: drives its inputs with supply strength
module counter(input clk, input rst, input en, output reg [7:0] count);
  supply1 high;
  assign (supply1, supply0) rst = high;
  always @(posedge clk) count <= 8'd0;
endmodule
