// golden: counter
// style: variants chosen with ifdef, elsif and else, also within the port list
`define WITH_ENABLE
module counter (
    input clk,
    input rst,
`ifdef WITH_ENABLE
    input en,
`endif
    output reg [7:0] count
);
`ifdef VENDOR_CARRY_CHAIN
  vendor_counter #(.WIDTH(8)) u (.CLK(clk), .R(rst), .CE(en), .Q(count));
`elsif FORMAL
  initial assume (rst);
`else
  always @(posedge clk)
    if (rst) count <= 8'd0;
  `ifdef WITH_ENABLE
    else if (en) count <= count + 8'd1;
  `else
    else count <= count + 8'd1;
  `endif
`endif
endmodule
