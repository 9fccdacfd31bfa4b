// golden: counter
// tries: loops only when the simulation is nearly over
module counter(input clk, input rst, input en, output reg [7:0] count);
  integer n = 0;
  always @(posedge clk) begin
    n = n + 1;
    while (n > 400) n = n + 0;
  end
  always @(posedge clk) count <= 8'd0;
endmodule
