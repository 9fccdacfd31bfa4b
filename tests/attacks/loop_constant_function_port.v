// golden: counter
// tries: hangs whoever evaluates the width of a port
module counter #(parameter P = f(1)) (input clk, input rst, input en, output reg [7+P-P:0] count);
  function integer f;
    input integer x;
    begin
      f = 0;
      while (1) f = f + x;
    end
  endfunction
  always @(posedge clk) count <= 8'd0;
endmodule
