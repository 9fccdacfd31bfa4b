// golden: mixer
// style: parameters with ranges, signs and types, overridden in part
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  operation #(.SIGNED_ONE(-1), .MASK(8'hFF)) u (a, b, sel, y);
endmodule
module operation #(
  parameter integer WIDTH = 8,
  parameter [7:0] MASK = 8'h0F,
  parameter signed [3:0] SIGNED_ONE = 1,
  parameter real SCALE = 1.0,
  parameter time PERIOD = 10
) (input [WIDTH-1:0] l, r, input add, output [WIDTH-1:0] o);
  localparam signed MINUS = SIGNED_ONE;
  wire [WIDTH-1:0] negated = MINUS * $signed(r);
  assign o = (add ? l - negated : l ^ r) & MASK;
endmodule
