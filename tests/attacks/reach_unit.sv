// golden: counter
// tries: looks up a name of other files through $unit
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire [7:0] answer = $unit::expected;
  always @(posedge clk) count <= 8'd0;
endmodule
