// golden: counter
// tries: schedules answers ahead with intra-assignment delays
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= #1 count + 8'd1;
endmodule
