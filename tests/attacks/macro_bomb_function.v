// golden: counter
// tries: expands a macro that uses its argument twice, forty deep
`define D(x) x x
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire `D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(`D(w))))))))))))))))))))))))))))))))))))))));
  always @(posedge clk) count <= 8'd0;
endmodule
