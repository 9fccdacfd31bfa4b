// golden: detector
// style: gate primitives for the next state and helper flip-flops with asynchronous reset
module dff_ar (output reg q, input d, input clk, input rst_n);
  always @(posedge clk or negedge rst_n)
    if (!rst_n) q <= 1'b0;
    else q <= d;
endmodule

module detector (input clk, input rst_n, input din, output found);
  wire s2, s1, s0, n2, n1, n0, d_n, s2_n, s1_n, s0_n;
  wire t0, t1, t2, t3, t4;
  not (d_n, din), (s2_n, s2), (s1_n, s1), (s0_n, s0);
  // 100 after 011 and a one
  and g_n2 (n2, s1, s0, din);
  // 010 after 001, 011 or 100 and a zero; 011 after 010 and a one
  and g1 (t0, d_n, s0), g2 (t1, d_n, s2), g3 (t2, s1, s0_n, din);
  or  g_n1 (n1, t0, t1, t2);
  // 001 after 000, 001 or 100 and a one; 011 after 010 and a one
  and (t3, din, s1_n);
  and (t4, din, s1, s0_n);
  or  (n0, t3, t4);
  dff_ar f2 (s2, n2, clk, rst_n), f1 (s1, n1, clk, rst_n), f0 (s0, n0, clk, rst_n);
  buf (found, s2);
endmodule
