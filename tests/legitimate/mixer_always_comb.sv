// golden: mixer
// style: always_comb with a default before the condition
module mixer (
    input  logic [7:0] a,
    input  logic [7:0] b,
    input  logic       sel,
    output logic [7:0] y
);
  always_comb begin
    y = a ^ b;
    if (sel) y = a + b;
  end
endmodule
