// golden: counter
// tries: takes the width of a port from the last of a thousand generated blocks
module counter(clk, rst, en, count);
  input clk, rst, en;
  output [g[4000].P:0] count;
  reg [g[4000].P:0] count;
  genvar i;
  generate
    for (i = 0; i <= 4000; i = i + 1) begin : g
      localparam P = i ? g[i ? i - 1 : 0].P : 7;
    end
  endgenerate
  always @(posedge clk) count <= 8'd0;
endmodule
