// golden: square
// style: shifted partial products added in a generate loop
module square (input [7:0] x, output [7:0] y);
  wire [15:0] sum [0:8];
  assign sum[0] = 16'd0;
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : row
      assign sum[i+1] = sum[i] + ({16{x[i]}} & ({8'd0, x} << i));
    end
  endgenerate
  assign y = sum[8] >> 8;
endmodule
