// golden: counter
// tries: leaves a string open over the next file
module counter(input clk, input rst, input en, output reg [7:0] count);
  localparam S = "open;
  always @(posedge clk) count <= 8'd0;
endmodule
"