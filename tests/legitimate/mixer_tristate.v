// golden: mixer
// style: internal tri-state bus with bufif1, bufif0 and 'z
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  tri [7:0] bus;
  wire [7:0] sum = a + b;
  assign bus = sel ? sum : 8'bz;
  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : low
      bufif0 (bus[i], a[i] ^ b[i], sel);
    end
  endgenerate
  bufif1 high [7:4] (bus[7:4], a[7:4] ^ b[7:4], ~sel);
  assign y = bus;
endmodule
