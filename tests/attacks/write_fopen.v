// golden: counter
// tries: overwrites the file of samples
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer f;
  initial begin
    f = $fopen("samples0", "w");
    $fdisplay(f, "00000000");
  end
  always @(posedge clk) count <= 8'd0;
endmodule
