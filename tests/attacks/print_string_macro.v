// golden: mixer
// tries: hides the pass line in a macro
`define VERDICT "TEST PASSED"
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  initial $display(`VERDICT);
  assign y = 8'd0;
endmodule
