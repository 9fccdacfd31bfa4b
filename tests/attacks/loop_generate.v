// golden: counter
// tries: generates without end
module counter(input clk, input rst, input en, output reg [7:0] count);
  genvar i;
  generate
    for (i = 0; i >= 0; i = i) begin : g
      wire w;
    end
  endgenerate
  always @(posedge clk) count <= 8'd0;
endmodule
