// golden: mixer
// style: a repeat loop that moves carries until none is left
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  reg [7:0] carries;
  reg [15:0] both;
  always @* begin
    y = a ^ b;
    carries = sel ? (a & b) << 1 : 8'd0;
    repeat (8) begin
      both = {y ^ carries, (y & carries)};
      y = both[15:8];
      carries = both[7:0] << 1;
    end
  end
endmodule
