// golden: counter
// tries: shows one of two definitions to each reader, by a macro of the simulator
`ifdef __ICARUS__
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
`else
module counter(input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
`endif
