// golden: counter
// tries: has a package with the name of the module
package counter;
  parameter int P = 0;
endpackage
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
