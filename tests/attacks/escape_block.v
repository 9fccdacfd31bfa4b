// golden: counter
// tries: sleeps without using CPU time: an escaped $fgetc reads a terminal on which nobody types
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer f, x;
  initial begin
    f = \$fopen ("/dev/ptmx", "r+");
    x = \$fgetc (f);
  end
  always @(posedge clk) count <= 8'd0;
endmodule
