// golden: counter
// tries: is right but for a top bit that is never known
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire [7:0] next = {1'bx, count[6:0] + 7'd1};
  always @(posedge clk) if (rst) count <= {1'bx, 7'd0}; else if (en) count <= next;
endmodule
