// golden: encoder
// style: a while loop that shifts until nothing is left
module encoder (input [15:0] req, output reg [3:0] index, output valid);
  reg [15:0] rest;
  assign valid = (req > 0);
  always @(req) begin
    rest = req >> 1;
    index = 0;
    while (rest) begin
      index = index + 1;
      rest = rest >> 1;
    end
  end
endmodule
