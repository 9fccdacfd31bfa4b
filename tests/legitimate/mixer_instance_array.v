// golden: mixer
// style: arrays of module instances with whole buses, and with shared inputs
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] carry_in, carry_out;
  assign carry_in = {carry_out[6:0], 1'b0};
  cell_1 cells [7:0] (.a(a), .b(b), .cin(carry_in), .sel(sel), .y(y), .cout(carry_out));
endmodule
module cell_1 (input a, input b, input cin, input sel, output y, output cout);
  assign y = a ^ b ^ (cin & sel);
  assign cout = (a & b) | (cin & (a | b));
endmodule
