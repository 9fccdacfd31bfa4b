// golden: counter
// style: registers with initial values at their declarations
module counter (input clk, input rst, input en, output reg [7:0] count = 8'd0);
  reg enabled_once = 1'b0, reset_once = 1'b0;
  always @(posedge clk) begin
    reset_once <= reset_once | rst;
    enabled_once <= enabled_once | en;
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
  end
endmodule
