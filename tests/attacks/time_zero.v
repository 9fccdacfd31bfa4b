// golden: counter
// tries: waits for the end of the time step with a zero delay
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) begin
    #0 count = count + 8'd1;
  end
  always @(posedge clk) count <= 8'd0;
endmodule
