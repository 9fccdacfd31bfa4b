// golden: counter
// style: module names from macros
`define DESIGN counter
`define CORE counter_core
module `DESIGN (input clk, input rst, input en, output [7:0] count);
  `CORE u_core (.clk(clk), .rst(rst), .en(en), .count(count));
endmodule
module `CORE (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
