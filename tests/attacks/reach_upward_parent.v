// golden: counter
// tries: writes to a variable of whatever instantiates it
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial dut.count = 8'd1;
  initial top.count = 8'd1;
  always @(posedge clk) count <= 8'd0;
endmodule
