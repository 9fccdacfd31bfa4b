// golden: mixer
// style: arrays of nets and of variables, the result chosen by index
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  wire [7:0] choice [1:0];
  reg [7:0] copy [0:1];
  assign choice[0] = a ^ b;
  assign choice[1] = a + b;
  always @(a) copy[0] = a;
  always @(b) copy[1] = b;
  assign y = choice[sel] ^ (copy[0] & ~a) ^ (copy[1] & ~b);
endmodule
