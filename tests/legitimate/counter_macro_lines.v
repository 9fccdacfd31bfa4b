// golden: counter
// style: a macro of several lines
`define CLEAR_OR_STEP \
    if (rst) count <= 8'd0; \
    else if (en) count <= count + 8'd1;
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) begin
    `CLEAR_OR_STEP
  end
endmodule
