// golden: counter
// tries: sets a parameter in a tree of arrays, so that all of it must be elaborated
module counter(input clk, input rst, input en, output reg [7:0] count);
  r u[0:60000]();
  defparam u[0].p[0].q.N = 1;
  always @(posedge clk) count <= 8'd0;
endmodule
module r #(parameter N = 0);
  r p[0:60000]();
  r q();
endmodule
