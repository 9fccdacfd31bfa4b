// golden: detector
// tries: is right for a moment only, before the values settle
module detector(input clk, input rst_n, input din, output found);
  reg seen = 0;
  reg [3:0] last;
  always @(posedge clk) begin
    last = {last[2:0], din};
    seen = last == 4'b1011;
    seen <= 0;
  end
  assign found = seen;
endmodule
