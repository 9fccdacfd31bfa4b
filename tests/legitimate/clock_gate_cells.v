// golden: clock_gate
// style: library cells written as modules within celldefine
module clock_gate (input clk, input en, input te, output gclk);
  wire either, held;
  OR2X1 U1 (.A(en), .B(te), .Y(either));
  LATNX1 U2 (.D(either), .GN(clk), .Q(held), .QN());
  AND2X1 U3 (.A(clk), .B(held), .Y(gclk));
endmodule
`celldefine
module OR2X1 (A, B, Y);
input A, B;
output Y;
  or (Y, A, B);
endmodule
`endcelldefine
`celldefine
module AND2X1 (A, B, Y);
input A, B;
output Y;
  and (Y, A, B);
endmodule
`endcelldefine
`celldefine
module LATNX1 (D, GN, Q, QN);
input D, GN;
output Q, QN;
reg Q;
  not (QN, Q);
  always @(D or GN) if (!GN) Q <= D;
endmodule
`endcelldefine
