// golden: mixer
// tries: calls $fopen by an escaped name, shuts the judge's file of samples and writes its own
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  integer f = 0;
  assign y = 8'd0;
  always @(a or b or sel) begin
    if (f == 0) begin
      \$fclose (32'h80000003);
      f = \$fopen ("elsewhere", "w");
      f = \$fopen ("samples0", "w");
    end
    \$fdisplay (f, "%b", sel ? a + b : a ^ b);
  end
endmodule
