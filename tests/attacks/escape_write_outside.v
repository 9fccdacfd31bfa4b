// golden: counter
// tries: writes outside its folder by an escaped $fopen
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer f;
  initial begin
    f = \$fopen ("/tmp/left_behind", "w");
    \$fdisplay (f, "here");
  end
  always @(posedge clk) count <= 8'd0;
endmodule
