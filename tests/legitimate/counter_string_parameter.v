// golden: counter
// style: string parameters and localparams for debugging, one of which chooses a branch
module counter #(
    parameter NAME = "counter, 8 bits (wraps)",
    parameter STYLE = "BEHAVIOURAL"
) (
    input clk,
    input rst,
    input en,
    output reg [7:0] count
);
  localparam [8*5-1:0] VERSION = "1.0.2";
  localparam EMPTY = "";
  generate
    if (STYLE == "BEHAVIOURAL") begin : behavioural
      always @(posedge clk)
        if (rst) count <= 8'd0;
        else if (en) count <= count + 8'd1;
    end else begin : other
      always @(posedge clk) count <= 8'bx;
    end
  endgenerate
endmodule
