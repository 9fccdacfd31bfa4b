// golden: mixer
// tries: leaves a case open that full_case promises to be closed
module mixer(input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  always @*
    (* full_case, parallel_case *) case (sel) // synthesis full_case
      1'b1: y = a + b;
    endcase
endmodule
