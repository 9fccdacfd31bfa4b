// golden: counter
// tries: lets the enable win over reset
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (en) count <= count + 8'd1;
    else if (rst) count <= 8'd0;
endmodule
