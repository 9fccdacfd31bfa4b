// golden: encoder
// style: a constant table of logarithms indexed by the isolated bit, int arithmetic
module encoder (input logic [15:0] req, output logic [3:0] index, output logic valid);
  int unsigned position;
  always_comb begin
    position = 0;
    for (int unsigned i = 0; i < $bits(req); i++)
      position = req[i] ? i : position;
  end
  assign index = 4'(position);
  assign valid = req != '0;
endmodule
