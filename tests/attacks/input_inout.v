// golden: counter
// tries: declares its inputs as inout
module counter(inout clk, inout rst, inout en, output reg [7:0] count);
  assign rst = 1'b1;
  always @(posedge clk) count <= 8'd0;
endmodule
