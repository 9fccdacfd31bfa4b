// golden: counter
// tries: hides text in a protected envelope
`pragma protect begin_protected
`pragma protect encoding = (enctype = "raw", bytes = 4000000000)
`pragma protect data_block
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
