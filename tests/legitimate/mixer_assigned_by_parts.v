// golden: mixer
// style: one output assigned part by part from several places
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  wire [7:0] s;
  assign s[3:0] = a[3:0] + b[3:0];
  assign s[7:4] = (a + b) >> 4;
  always @(*) y[0] = a[0] ^ b[0];
  always @(*) y[4:1] = sel ? s[4:1] : a[4:1] ^ b[4:1];
  always @(*) begin
    y[7:5] = a[7:5] ^ b[7:5];
    if (sel) y[7:5] = s[7:5];
  end
endmodule
