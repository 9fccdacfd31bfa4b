// golden: counter
// tries: makes two hundred errors, which as an exit code looks like death by a signal
module counter(input clk, input rst, input en, output reg [7:0] count);
  genvar i;
  generate
    for (i = 0; i < 100; i = i + 1) begin : g
      wire w = nowhere;
    end
  endgenerate
  always @(posedge clk) count <= 8'd0;
endmodule
