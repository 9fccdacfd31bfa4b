// golden: counter
// tries: reads the golden and the stimulus from disk
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer f;
  reg [7:0] line [0:999];
  initial begin
    f = $fopen("../goldens/counter.v", "r");
    f = $fread(line, f);
  end
  always @(posedge clk) count <= 8'd0;
endmodule
