// golden: counter
// tries: generates ten billion cells
module counter(input clk, input rst, input en, output reg [7:0] count);
  genvar i, j;
  generate
    for (i = 0; i < 100000; i = i + 1) begin : g
      for (j = 0; j < 100000; j = j + 1) begin : h
        reg [7:0] r;
        always @(posedge clk) r <= r + 1;
      end
    end
  endgenerate
  always @(posedge clk) count <= 8'd0;
endmodule
