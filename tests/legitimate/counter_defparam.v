// golden: counter
// style: helper parameters overridden with defparam
module counter (input clk, input rst, input en, output [7:0] count);
  defparam u_core.WIDTH = 8, u_core.STEP = 1;
  core u_core (clk, rst, en, count);
endmodule
module core (clk, rst, en, q);
  parameter WIDTH = 4;
  parameter STEP = 3;
  input clk, rst, en;
  output [WIDTH-1:0] q;
  reg [WIDTH-1:0] q;
  always @(posedge clk) if (rst) q <= 0; else if (en) q <= q + STEP;
endmodule
