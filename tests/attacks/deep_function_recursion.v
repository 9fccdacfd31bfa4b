// golden: counter
// tries: calls a function from itself until the stack is used up
module counter(input clk, input rst, input en, output reg [7:0] count);
  function automatic [7:0] f;
    input [7:0] x;
    f = f(x) + 8'd1;
  endfunction
  wire [7:0] w = f({7'd0, en});
  always @(posedge clk) count <= 8'd0;
endmodule
