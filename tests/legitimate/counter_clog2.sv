// golden: counter
// style: widths computed with $clog2 and $bits from an integer parameter
module counter #(
    parameter  int MODULUS = 256,
    localparam int WIDTH   = $clog2(MODULUS)
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    output logic [WIDTH-1:0] count
);
  localparam logic [WIDTH-1:0] LAST = MODULUS - 1;

  always_ff @(posedge clk)
    if (rst) count <= '0;
    else if (en) count <= (count == LAST) ? '0 : count + $bits(count)'(1);
endmodule
