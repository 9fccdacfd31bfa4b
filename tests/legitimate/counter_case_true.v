// golden: counter
// style: case (1'b1) as a priority chain
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    case (1'b1)
      rst: count <= 8'd0;
      en: count <= count + 8'd1;
      default: ;
    endcase
endmodule
