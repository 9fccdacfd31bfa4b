// golden: counter
// style: constants from define directives, undefined at the end
`define CNT_WIDTH   8           // bits
`define CNT_RESET   8'h00
`define CNT_STEP    8'd1        /* one per enabled cycle */

module counter (
  input                       clk,
  input                       rst,
  input                       en,
  output reg [`CNT_WIDTH-1:0] count
);
  always @(posedge clk) begin
    if (rst)
      count <= `CNT_RESET;
    else if (en)
      count <= count + `CNT_STEP;
  end
endmodule

`undef CNT_WIDTH
`undef CNT_RESET
`undef CNT_STEP
