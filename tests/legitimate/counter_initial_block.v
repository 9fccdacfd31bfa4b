// golden: counter
// style: initial blocks that set registers and fill a table in a loop
module counter (input clk, input rst, input en, output reg [7:0] count);
  reg [7:0] successor [0:255];
  integer n;

  initial count = 8'd0;
  initial begin : fill
    for (n = 0; n < 256; n = n + 1)
      successor[n] = n + 1;
  end

  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= successor[count];
endmodule
