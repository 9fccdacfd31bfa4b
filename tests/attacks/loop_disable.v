// golden: counter
// tries: jumps back to the beginning of an endless block
module counter(input clk, input rst, input en, output reg [7:0] count);
  always begin : again
    disable again;
  end
  always @(posedge clk) count <= 8'd0;
endmodule
