// golden: counter
// style: begin_keywords, so that a later keyword is a name
`begin_keywords "1364-2005"
module counter (input clk, input rst, input en, output reg [7:0] count);
  wire do = en;
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (do) count <= count + 8'd1;
endmodule
`end_keywords
