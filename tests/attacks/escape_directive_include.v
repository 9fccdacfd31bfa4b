// golden: counter
// tries: escapes a name like an include directive
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire \`include ;
  wire \"/etc/passwd" ;
  always @(posedge clk) count <= 8'd0;
endmodule
