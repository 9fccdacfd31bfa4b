// golden: counter
// tries: the same with a void function used as a value
module counter(input clk, input rst, input en, output reg [7:0] count);
  function void f();
  endfunction
  wire w = f();
  always @(posedge clk) count <= 8'd0;
endmodule
