// golden: counter
// tries: waits for its inputs instead of the clock
module counter(input clk, input rst, input en, output reg [7:0] count);
  always begin
    wait (en);
    count = count + 8'd1;
    wait (!en);
  end
endmodule
