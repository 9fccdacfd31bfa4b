// golden: counter
// tries: hides the include inside an attribute
(*
`include "/dev/zero"
keep *)
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
