// golden: counter
// style: names with dollar signs, leading underscores and capital letters
module counter (input clk, input rst, input en, output [7:0] count);
  reg [7:0] Count$q, _;
  wire [7:0] count$d = Count$q + 8'd1;
  assign count = Count$q;
  always @(posedge clk)
    if (rst) {Count$q, _} <= {8'd0, count};
    else if (en) Count$q <= count$d;
endmodule
