// golden: detector
// tries: answers one cycle late
module detector(input clk, input rst_n, input din, output reg found);
  reg [3:0] last;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin last <= 0; found <= 0; end
    else begin last <= {last[2:0], din}; found <= last == 4'b1011; end
endmodule
