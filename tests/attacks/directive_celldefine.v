// golden: counter
// tries: leaves the files after it inside celldefine
`celldefine
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
