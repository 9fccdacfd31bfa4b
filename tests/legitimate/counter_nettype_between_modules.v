// golden: counter
// style: default_nettype below a comment, and with one behind it, between two modules
`timescale 1ns/1ps
`default_nettype none  // every net is declared
module counter (input wire clk, input wire rst, input wire en, output wire [7:0] count);
  counter_core core (.clk(clk), .rst(rst), .en(en), .count(count));
endmodule

/*
 * From here on nets may be implicit again, since the core below was written before anybody asked for more.
 */
`default_nettype wire  /* the default */
module counter_core (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
