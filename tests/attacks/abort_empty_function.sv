// golden: counter
// tries: makes the compiler write a program that the simulator cannot read
module counter(input clk, input rst, input en, output reg [7:0] count);
  function f;
  endfunction
  wire w = f();
  always @(posedge clk) count <= 8'd0;
endmodule
