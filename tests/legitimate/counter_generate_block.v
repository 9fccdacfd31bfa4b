// golden: counter
// style: a generate region with only a block in it
module counter (input clk, input rst, input en, output reg [7:0] count);
  generate
    begin : main
      always @(posedge clk)
        if (rst) count <= 8'd0;
        else if (en) count <= count + 8'd1;
    end
  endgenerate
endmodule
