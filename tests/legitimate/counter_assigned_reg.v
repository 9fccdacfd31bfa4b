// golden: counter
// style: continuous assignment to variables declared as reg
module counter (input clk, input rst, input en, output reg [7:0] count);
  reg [7:0] value, next;
  assign count = value;
  assign next = value + en;
  always @(posedge clk) value <= rst ? 8'd0 : next;
endmodule
