// golden: counter
// tries: undoes the settings and macros of the other files
`resetall
`undef RESERVED
`undefineall
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
