// golden: counter
// tries: hides statements in an attribute
module counter(input clk, input rst, input en, output reg [7:0] count);
  (* keep = "1 *) initial $finish; (*" *) wire w;
  (* init = 1 *) reg r;
  always @(posedge clk) count <= 8'd0;
endmodule
