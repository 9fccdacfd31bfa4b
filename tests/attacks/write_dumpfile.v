// golden: counter
// tries: leaves a dump of every signal behind
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial begin
    $dumpfile("../../left_behind.vcd");
    $dumpvars;
  end
  always @(posedge clk) count <= 8'd0;
endmodule
