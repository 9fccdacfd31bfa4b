// golden: mixer
// style: a final block that prints a total at the end of simulation
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  int unsigned additions;
  initial additions = 0;
  always @(posedge sel) additions = additions + 1;
  assign y = sel ? a + b : a ^ b;
  final $display("%0d additions", additions);
endmodule
