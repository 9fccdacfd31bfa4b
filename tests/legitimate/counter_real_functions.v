// golden: counter
// style: a width computed with $ceil, $ln and $rtoi, from before $clog2
module counter (input clk, input rst, input en, output [7:0] count);
  localparam MODULUS = 200 + 56;
  localparam WIDTH = $rtoi($ceil($ln(MODULUS) / $ln(2.0) - 1.0e-9));
  reg [WIDTH-1:0] value;
  assign count = value;
  always @(posedge clk)
    if (rst) value <= {WIDTH{1'b0}};
    else if (en) value <= value + 1'b1;
endmodule
