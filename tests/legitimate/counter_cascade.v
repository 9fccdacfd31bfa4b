// golden: counter
// style: two instances in one statement, a terminal count from one to the other
module counter (input clk, input rst, input en, output [7:0] count);
  wire tc;
  nibble low (.clk(clk), .rst(rst), .en(en), .q(count[3:0]), .tc(tc)),
         high (.clk(clk), .rst(rst), .en(tc), .q(count[7:4]), .tc());
endmodule
module nibble (input clk, rst, en, output reg [3:0] q, output tc);
  assign tc = en & &q;
  always @(posedge clk)
    if (rst) q <= 4'h0;
    else if (en) q <= q + 4'h1;
endmodule
