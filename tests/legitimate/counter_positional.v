// golden: counter
// style: parameters and ports of helpers connected by position
module register #(parameter W = 4, parameter [W-1:0] INIT = 0) (clk, rst, d, q);
  input clk, rst;
  input [W-1:0] d;
  output reg [W-1:0] q;
  always @(posedge clk) if (rst) q <= INIT; else q <= d;
endmodule

module counter (clk, rst, en, count);
  input clk, rst, en;
  output [7:0] count;
  wire [7:0] d;
  assign d = en ? count + 8'd1 : count;
  register #(8, 8'h00) r (clk, rst, d, count);
endmodule
