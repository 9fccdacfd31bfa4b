// golden: counter
// style: synthesis pragmas around a register that only helps debugging
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;

  // synthesis translate_off
  reg wrapped = 1'b0;
  always @(posedge clk) wrapped <= wrapped | (&count & en);
  // synthesis translate_on
  //synopsys translate_off
  wire [7:0] left = ~count;
  //synopsys translate_on
  // pragma translate_off
  // pragma translate_on
endmodule
