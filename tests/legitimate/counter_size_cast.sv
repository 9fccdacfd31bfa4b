// golden: counter
// style: size casts with numbers and parameters
module counter #(parameter int W = 8) (input logic clk, rst, en, output logic [W-1:0] count);
  int wide_sum;
  assign wide_sum = int'(count) + 1;
  always_ff @(posedge clk)
    if (rst) count <= W'(0);
    else if (en) count <= 8'(wide_sum);
endmodule
