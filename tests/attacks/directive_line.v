// golden: counter
// tries: puts the blame for its errors on the testbench
`line 1 "top.v" 0
module counter(input clk, input rst, input en, output reg [7:0] count);
  assign undeclared_thing = clk +;
  always @(posedge clk) count <= 8'd0;
endmodule
