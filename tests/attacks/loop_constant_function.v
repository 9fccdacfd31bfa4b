// golden: counter
// tries: hangs the compiler in a constant function
module counter(input clk, input rst, input en, output reg [7:0] count);
  function integer f;
    input integer x;
    begin
      f = 0;
      while (1) f = f + x;
    end
  endfunction
  localparam P = f(1);
  wire [P:0] w;
  always @(posedge clk) count <= 8'd0;
endmodule
