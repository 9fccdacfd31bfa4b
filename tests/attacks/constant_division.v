// golden: counter
// tries: divides numbers of a quarter million bits, thousands of times, in the width of a port
module counter #(parameter P = f(1)) (input clk, input rst, input en, output reg [7+(P&0):0] count);
  function automatic integer f;
    input integer x;
    reg [262143:0] v;
    integer j;
    begin
      v = {262144{1'b1}};
      f = 1;
      for (j = 0; j < 4000; j = j + 1)
        if (v / (v >> 131072) == x) f = 2;
    end
  endfunction
  always @(posedge clk) count <= 8'd0;
endmodule
