// golden: counter
// style: a parameter checked at the start of simulation with $fatal
module counter #(parameter WIDTH = 8) (input clk, input rst, input en, output reg [WIDTH-1:0] count);
  initial if (WIDTH < 1) $fatal(1, "WIDTH must be positive");
  always @(posedge clk)
    if (rst) count <= 0;
    else if (en) count <= count + 1;
endmodule
