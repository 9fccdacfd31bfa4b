// golden: counter
// style: generate blocks that read the block before them by its index
module counter (input clk, input rst, input en, output [7:0] count);
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : digit
      reg q;
      wire step;
      if (i == 0) assign step = en;
      else assign step = digit[i-1].step & digit[i-1].q;
      always @(posedge clk) q <= ~rst & (q ^ step);
      assign count[i] = q;
    end
  endgenerate
endmodule
