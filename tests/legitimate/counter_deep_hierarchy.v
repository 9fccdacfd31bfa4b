// golden: counter
// style: five levels of helper modules, the top first
module counter (input clk, input rst, input en, output [7:0] count);
  wire [7:0] next;
  incrementer inc (count, en, next);
  register8 state (clk, rst, next, count);
endmodule

module incrementer (input [7:0] a, input cin, output [7:0] s);
  wire middle, unused;
  incrementer4 lo (a[3:0], cin, s[3:0], middle);
  incrementer4 hi (a[7:4], middle, s[7:4], unused);
endmodule

module incrementer4 (input [3:0] a, input cin, output [3:0] s, output cout);
  wire [3:1] c;
  half_adder h0 (a[0], cin, s[0], c[1]);
  half_adder h1 (a[1], c[1], s[1], c[2]);
  half_adder h2 (a[2], c[2], s[2], c[3]);
  half_adder h3 (a[3], c[3], s[3], cout);
endmodule

module half_adder (input a, input b, output s, output c);
  xor_gate x (s, a, b);
  and (c, a, b);
endmodule

module xor_gate (output y, input a, input b);
  wire p, q;
  nand n1 (p, a, ~b), n2 (q, ~a, b), n3 (y, p, q);
endmodule

module register8 (input clk, input rst, input [7:0] d, output [7:0] q);
  dff bits [7:0] (.clk(clk), .rst(rst), .d(d), .q(q));
endmodule

module dff (input clk, input rst, input d, output reg q);
  always @(posedge clk) q <= rst ? 1'b0 : d;
endmodule
