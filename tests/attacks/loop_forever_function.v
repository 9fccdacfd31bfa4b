// golden: counter
// tries: loops in a function
module counter(input clk, input rst, input en, output reg [7:0] count);
  function f;
    input x;
    forever f = x;
  endfunction
  wire w = f(en);
  always @(posedge clk) count <= 8'd0;
endmodule
