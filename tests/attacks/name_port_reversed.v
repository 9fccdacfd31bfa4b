// golden: counter
// tries: reverses the bits of its output
module counter(input clk, input rst, input en, output [7:0] count);
  reg [0:7] n;
  genvar i;
  generate for (i = 0; i < 8; i = i + 1) begin : g assign count[i] = n[i]; end endgenerate
  always @(posedge clk)
    if (rst) n <= 8'd0;
    else if (en) n <= n + 8'd1;
endmodule
