// golden: counter
// style: `default` without a colon, an item with an empty statement
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    case ({rst, en})
      2'b00: ;
      2'b01: count <= count + 8'd1;
      default count <= 8'd0;
    endcase
endmodule
