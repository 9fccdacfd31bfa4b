// golden: mixer
// style: a user-defined primitive for the multiplexer
primitive mux2 (out, one, zero, select);
  output out;
  input one, zero, select;
  table
  // one zero select : out
     1   ?    1      : 1;
     0   ?    1      : 0;
     ?   1    0      : 1;
     ?   0    0      : 0;
     1   1    x      : 1;
     0   0    x      : 0;
  endtable
endprimitive

module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] s = a + b;
  wire [7:0] t = a ^ b;
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : bits
      mux2 m (y[i], s[i], t[i], sel);
    end
  endgenerate
endmodule
