// golden: counter
// style: a helper reads a signal of the design above it by the design's name
module counter (input clk, input rst, input en, output [7:0] count);
  wire clear = rst;
  core u_core (.clk(clk), .en(en), .count(count));
endmodule
module core (input clk, input en, output reg [7:0] count);
  always @(posedge clk)
    if (counter.clear) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
