// golden: counter
// tries: calls a constant function from itself in the width of a port
module counter #(parameter P = f(1)) (input clk, input rst, input en, output reg [7+P-P:0] count);
  function automatic integer f;
    input integer x;
    f = f(x + 1) + f(x + 2);
  endfunction
  always @(posedge clk) count <= 8'd0;
endmodule
