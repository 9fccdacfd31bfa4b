// golden: mixer
// tries: gives a wrong answer to every fourth question
module mixer(input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  reg [1:0] n = 0;
  always @* begin
    n = n + 2'd1;
    y = (sel ? a + b : a ^ b) ^ {7'd0, n == 2'd3};
  end
endmodule
