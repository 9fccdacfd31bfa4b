// Priority encoder: the number of the highest set bit, 0 when none is set.
module encoder (
    input      [15:0] req,
    output reg [ 3:0] index,
    output            valid
);
  integer i;
  always @* begin
    index = 4'd0;
    for (i = 0; i < 16; i = i + 1) if (req[i]) index = i;
  end
  assign valid = |req;
endmodule
