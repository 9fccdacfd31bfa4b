// golden: encoder
// style: isolated highest bit and an and-or plane made by loops in functions
module encoder (input [15:0] req, output [3:0] index, output valid);
  wire [15:0] above;
  wire [15:0] alone;
  genvar i;
  generate
    for (i = 0; i < 15; i = i + 1) begin
      assign above[i] = |req[15:i+1];
    end
  endgenerate
  assign above[15] = 1'b0;
  assign alone = req & ~above;
  assign index = {|(alone & 16'hFF00), |(alone & 16'hF0F0), |(alone & 16'hCCCC), |(alone & 16'hAAAA)};
  assign valid = |alone;
endmodule
