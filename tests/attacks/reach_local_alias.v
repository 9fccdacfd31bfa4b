// golden: counter
// tries: declares a block with the name of a testbench, so that a path into the testbench looks local
module counter(input clk, input rst, input en, output reg [7:0] count);
  initial begin : tb
    integer errors;
    errors = 0;
  end
  initial tb.passed = 1;
  initial tb.dut.count = 8'd1;
  always @(posedge clk) count <= 8'd0;
endmodule
