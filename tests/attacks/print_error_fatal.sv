// golden: counter
// tries: reports severity messages, of which $fatal also ends the simulation
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial begin
    $info("TEST PASSED");
    $error("TEST FAILED");
    $fatal(0, "TEST PASSED");
  end
  always @(posedge clk) count <= 8'd0;
endmodule
