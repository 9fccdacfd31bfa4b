// golden: counter
// tries: makes the compiler fail an assertion of its own: an assignment pattern for a net array
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire [7:0] w [0:3];
  assign w = '{1, 2, 3, 4};
  always @(posedge clk) count <= 8'd0;
endmodule
