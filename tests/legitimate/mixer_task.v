// golden: mixer
// style: a combinational task with two outputs
module mixer (input [7:0] a, input [7:0] b, input sel, output reg [7:0] y);
  reg [7:0] sum, diff;
  task both;
    input [7:0] l, r;
    output [7:0] s, x;
    begin
      s = l + r;
      x = l ^ r;
    end
  endtask
  always @(a or b or sel) begin
    both(a, b, sum, diff);
    y = sel ? sum : diff;
  end
endmodule
