// golden: counter
// tries: has control characters: backspace, escape sequences, end of file
module counter(input clk, input rst, input en, output reg [7:0] count);
  // [2J]0;passed 
  wire  w;
  always @(posedge clk) count <= 8'd0;
endmodule
