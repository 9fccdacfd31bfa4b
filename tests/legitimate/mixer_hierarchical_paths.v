// golden: mixer
// style: signals inside helpers and generate blocks read by their paths
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  summer u_summer (.l(a), .r(b));
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : column
      wire odd = a[i] ^ b[i];
    end
    if (1) begin
      wire [7:0] sum = u_summer.inner.total;
    end
  endgenerate
  assign y = sel ? genblk2.sum
                 : {column[7].odd, column[6].odd, column[5].odd, column[4].odd,
                    column[3].odd, column[2].odd, column[1].odd, column[0].odd};
endmodule
module summer (input [7:0] l, input [7:0] r);
  inner_summer inner (.l, .r);
endmodule
module inner_summer (input [7:0] l, input [7:0] r);
  wire [7:0] total = l + r;
endmodule
