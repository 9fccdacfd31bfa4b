// golden: mixer
// style: full adders in a generate loop, gate primitives with and without instance names
module full_adder (input x, input y, input cin, output s, output cout);
  wire p, g, t;
  xor x1 (p, x, y);
  xor x2 (s, p, cin);
  and (g, x, y);
  and (t, p, cin);
  or (cout, g, t);
endmodule

module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] s;
  wire [8:0] c;
  assign c[0] = 1'b0;
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : adder
      full_adder fa (.x(a[i]), .y(b[i]), .cin(c[i] & sel), .s(s[i]), .cout(c[i+1]));
    end
  endgenerate
  assign y = s;
endmodule
