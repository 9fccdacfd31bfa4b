// golden: counter
// tries: hides code from readers with bidirectional control characters
module counter(input clk, input rst, input en, output reg [7:0] count);
  /* ‮ } ⁦ if (rst) ⁩ ⁦ */ initial count = 8'd1; /* ⁩ ‬ */
  always @(posedge clk) count <= 8'd0;
endmodule
