// golden: counter
// tries: uses keywords as escaped names
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg \endmodule ;
  reg \initial ;
  initial \endmodule = 1'b0;
  always @(posedge clk) count <= 8'd0;
endmodule
