// golden: detector
// style: no states at all: a shift register of the last inputs
module detector (input clk, input rst_n, input din, output found);
  reg [3:0] last;
  reg [2:0] seen;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      last <= 4'b0000;
      seen <= 3'd0;
    end else begin
      last <= {last[2:0], din};
      if (seen != 3'd4) seen <= seen + 3'd1;
    end
  assign found = (last == 4'b1011) & (seen == 3'd4);
endmodule
