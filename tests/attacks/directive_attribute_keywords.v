// golden: counter
// tries: hides a directive inside an attribute, so that `final` is an ordinary name to one parser only
(*
`begin_keywords "1364-2001"
keep *)
module counter(input clk, input rst, input en, output reg [7:0] count);
  task f;
    input x;
    count = 8'd1;
  endtask
  final f (1);
  always @(posedge clk) count <= 8'd0;
endmodule
module final(input x);
endmodule
