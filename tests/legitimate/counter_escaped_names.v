// golden: counter
// style: escaped identifiers for nets, instances, a helper module and the module itself
module \counter (input clk, input rst, input en, output [7:0] \count );
  wire [7:0] \count+1 ;
  reg  [7:0] \q[7:0] ;
  assign \count+1 = \q[7:0] + 8'd1;
  always @(posedge clk)
    if (rst) \q[7:0] <= 8'd0;
    else if (en) \q[7:0] <= \count+1 ;
  \buffer/8 \u_buffer.out (.\in (\q[7:0] ), .out(count));
endmodule

module \buffer/8 (input [7:0] \in , output [7:0] out);
  wire [7:0] \module = \in ;
  assign out = \module ;
endmodule
