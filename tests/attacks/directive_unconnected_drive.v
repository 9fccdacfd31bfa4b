// golden: counter
// tries: pulls up the unconnected inputs of later files
`unconnected_drive pull1
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
