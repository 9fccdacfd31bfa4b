// golden: counter
// style: generate loop over bits, one register in each block
module counter (input clk, input rst, input en, output [7:0] count);
  wire [8:0] carry;
  assign carry[0] = en;
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : bit_slice
      reg q;
      always @(posedge clk)
        if (rst) q <= 1'b0;
        else q <= q ^ carry[i];
      assign count[i] = q;
      assign carry[i+1] = carry[i] & q;
    end
  endgenerate
endmodule
