// golden: mixer
// style: all primitives: and, nand, or, nor, xor, xnor, not, buf, with several outputs
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] p, pn, g, gn, c, k;
  wire sel_n;
  not u_not (sel_n, sel);
  xor u_p [7:0] (p, a, b);
  xnor u_pn [7:0] (pn, a, b);
  nand u_gn [7:0] (gn, a, b);
  not u_g [7:0] (g, gn);
  buf u_c0 (c[0], 1'b0);
  nor (k[0], pn[0], 1'b1);
  genvar i;
  generate
    for (i = 1; i < 8; i = i + 1) begin : carry
      wire t;
      and (t, p[i-1], c[i-1]);
      or (c[i], g[i-1], t);
      nor (k[i], ~c[i], sel_n);
    end
  endgenerate
  xor (y[0], p[0], k[0]);
  xor u_y [7:1] (y[7:1], p[7:1], k[7:1]);
endmodule
