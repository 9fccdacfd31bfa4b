// golden: counter
// tries: waits in an initial block
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial begin
    @(posedge clk) count = 8'd0;
    forever @(posedge clk) count = count + en;
  end
endmodule
