// golden: counter
// tries: instantiates two copies of a module in itself, forty levels deep
module counter(input clk, input rst, input en, output reg [7:0] count);
  r #(40) u();
  always @(posedge clk) count <= 8'd0;
endmodule
module r #(parameter N = 0);
  generate
    if (N > 0) begin : g
      r #(N - 1) p();
      r #(N - 1) q();
    end
  endgenerate
endmodule
