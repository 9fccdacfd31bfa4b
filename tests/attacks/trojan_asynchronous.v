// golden: counter
// tries: resets at once instead of at the clock edge
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk or posedge rst)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
