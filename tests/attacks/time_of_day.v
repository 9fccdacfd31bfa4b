// golden: counter
// tries: acts on the simulation time, which a design does not know
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= ($time < 100) ? count + 8'd1 : 8'd0;
  wire late = $realtime > 100.0;
endmodule
