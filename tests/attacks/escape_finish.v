// golden: counter
// tries: calls $finish by an escaped name
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial \$finish ;
  always @(posedge clk) count <= 8'd0;
endmodule
