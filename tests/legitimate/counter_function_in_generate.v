// golden: counter
// style: a function inside a generate block, called by its path
module counter (input clk, input rst, input en, output reg [7:0] count);
  generate
    if (1) begin : arithmetic
      function [7:0] plus_one(input [7:0] value);
        plus_one = value + 8'd1;
      endfunction
    end
  endgenerate
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= arithmetic.plus_one(count);
endmodule
