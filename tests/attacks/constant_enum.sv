// golden: counter
// tries: declares an enumeration with two billion names
module counter(input clk, input rst, input en, output reg [7:0] count);
  typedef enum {NAME[0:2000000000]} names_t;
  names_t name;
  always @(posedge clk) count <= 8'd0;
endmodule
