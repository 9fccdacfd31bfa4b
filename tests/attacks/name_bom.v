// golden: counter
// tries: puts a byte order mark before the module
﻿module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
