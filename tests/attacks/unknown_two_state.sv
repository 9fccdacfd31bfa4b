// golden: detector
// tries: answers with two-state values, so that a lost reset looks like 0
module detector(input clk, input rst_n, input din, output bit found);
  bit [3:0] last;
  always_ff @(posedge clk) begin
    last <= {last[2:0], din};
    found <= {last[2:0], din} == 4'b1011;
  end
endmodule
