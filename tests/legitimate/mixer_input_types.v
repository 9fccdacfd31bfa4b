// golden: mixer
// style: every way to write an input and output with a net or variable type
module mixer (
    input wire [7:0] a,
    input tri [7:0] b,
    input logic sel,
    output wire logic [7:0] y
);
  assign y = sel ? a + b : a ^ b;
endmodule
