// golden: counter
// tries: makes the compiler warn a million times
module counter(input clk, input rst, input en, output reg [7:0] count);
  genvar i;
  generate
    for (i = 0; i < 1000000; i = i + 1) begin : g
      wire w = count[i + 8];
    end
  endgenerate
  always @(posedge clk) count <= 8'd0;
endmodule
