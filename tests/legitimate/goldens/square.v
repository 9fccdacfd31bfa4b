// The upper byte of a byte's square.
module square (
    input  [7:0] x,
    output [7:0] y
);
  wire [15:0] product = x * x;
  assign y = product[15:8];
endmodule
