// golden: mixer
// style: explicit sensitivity list with a case
module mixer(a, b, sel, y);
input [7:0] a, b;
input sel;
output [7:0] y;
reg [7:0] y;
always @(a or b or sel)
  case (sel)
    1'b0: y = a ^ b;
    1'b1: y = a + b;
  endcase
endmodule
