// golden: counter
// tries: the same with an assignment pattern for a packed struct
module counter(input clk, input rst, input en, output reg [7:0] count);
  struct packed {logic a; logic [3:0] b;} s;
  initial s = '{1, 2};
  always @(posedge clk) count <= 8'd0;
endmodule
