// golden: mixer
// style: forever left by disabling the named block around it
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  reg c;
  integer i;
  always @(a or b or sel) begin : add
    c = 0;
    i = 0;
    forever begin
      if (i == 8) disable add;
      y[i] = a[i] ^ b[i] ^ c;
      c = sel & ((a[i] & b[i]) | ((a[i] ^ b[i]) & c));
      i = i + 1;
    end
  end
endmodule
