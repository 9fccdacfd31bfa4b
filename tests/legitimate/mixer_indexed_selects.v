// golden: mixer
// style: indexed part selects [i +: 4] and [i -: 4] read and written in loops
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  reg [4:0] part;
  integer i;
  always @* begin
    part = 5'd0;
    for (i = 0; i < 8; i = i + 4) begin
      part = a[i +: 4] + b[i +: 4] + part[4];
      y[i+3 -: 4] = sel ? part[3:0] : a[i+3 -: 4] ^ b[i+3 -: 4];
    end
  end
endmodule
