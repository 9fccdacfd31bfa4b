// golden: counter
// tries: opens an attribute that one reader takes for a sensitivity list
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(*) count = 8'd1;
  always @ (* ) count = 8'd2;
  always @ ( *) count = 8'd3;
  always @(posedge clk) count <= 8'd0;
endmodule
