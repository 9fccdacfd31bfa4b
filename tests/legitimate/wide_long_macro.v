// golden: wide
// style: a macro of more than two hundred characters
`define ALL_ONES 200'b11111111111111111111111111111111111111111111111111_11111111111111111111111111111111111111111111111111_11111111111111111111111111111111111111111111111111_11111111111111111111111111111111111111111111111111
module wide (input clk, input load, input [199:0] d, output reg [199:0] q, output parity);
  always @(posedge clk) q <= load ? d & `ALL_ONES : {q[198:0], q[199]};
  assign parity = ^(q & `ALL_ONES);
endmodule
