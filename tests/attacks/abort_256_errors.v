// golden: counter
// tries: makes 256 errors, which as an exit code is 0
module counter(input clk, input rst, input en, output reg [7:0] count);
  genvar i;
  generate
    for (i = 0; i < 128; i = i + 1) begin : g
      wire w = nowhere;
    end
  endgenerate
  always @(posedge clk) count <= 8'd0;
endmodule
