// golden: counter
// style: stored in Gray code, converted in functions with reductions
module counter (input clk, input rst, input en, output [7:0] count);
  reg [7:0] gray;
  function [7:0] to_binary(input [7:0] g);
    integer i;
    for (i = 0; i < 8; i = i + 1) to_binary[i] = ^(g >> i);
  endfunction
  wire [7:0] next = to_binary(gray) + 8'd1;
  always @(posedge clk)
    if (rst) gray <= 8'd0;
    else if (en) gray <= next ^ (next >> 1);
  assign count = to_binary(gray);
endmodule
