// golden: divide3
// style: two instances of one counter, the second on the inverted clock
module divide3 (input clk, input rst_n, output clk_out);
  wire clk_n = !clk;
  wire first, second;
  modulo3 #(.START(2)) a (.clk(clk), .rst_n(rst_n), .high(first));
  follow b (.clk(clk_n), .rst_n(rst_n), .d(first), .q(second));
  assign clk_out = first || second;
endmodule
module modulo3 #(parameter [1:0] START = 2'd0) (input clk, input rst_n, output high);
  reg [1:0] n;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) n <= START;
    else case (n)
      2'd0: n <= 2'd1;
      2'd1: n <= 2'd2;
      2'd2: n <= 2'd0;
      2'd3: n <= 2'd0;
    endcase
  assign high = n == 2'd0;
endmodule
module follow (input clk, input rst_n, input d, output reg q);
  always @(posedge clk or negedge rst_n) if (!rst_n) q <= 1'b0; else q <= d;
endmodule
