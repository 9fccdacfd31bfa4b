// golden: counter
// tries: is right up to 199
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= (count == 8'd199) ? 8'd201 : count + 8'd1;
endmodule
