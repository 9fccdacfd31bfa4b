// golden: counter
// style: comments that quote names with backquotes as in Markdown and reStructuredText
// Counts up on ``clk`` while `en` is high; ``rst`` wins.
/*
```verilog
counter u (.clk(clk), .rst(rst), .en(en), .count(count));
```
*/
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
