// golden: counter
// tries: assigns at the rising edge what it shows at the falling one
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= @(negedge clk) (rst ? 8'd0 : en ? count + 8'd1 : count);
endmodule
