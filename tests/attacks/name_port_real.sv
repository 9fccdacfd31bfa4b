// golden: counter
// tries: answers with a real number
module counter(input clk, input rst, input en, output real count);
  always @(posedge clk) count <= 0.5;
endmodule
