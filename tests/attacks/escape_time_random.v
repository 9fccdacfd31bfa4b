// golden: counter
// tries: acts on the time and on chance by escaped functions
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) if (\$time () > 100) count <= \$random ();
  always @(posedge clk) count <= 8'd0;
endmodule
