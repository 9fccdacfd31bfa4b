// golden: counter
// style: immediate assertions, one with an error message
module counter #(parameter int WIDTH = 8) (input logic clk, rst, en, output logic [WIDTH-1:0] count);
  initial assert (WIDTH > 0);
  always_ff @(posedge clk)
    if (rst) count <= '0;
    else if (en) count <= count + 1'b1;
  always @(posedge clk)
    assert (!$isunknown(en)) else $error("enable is unknown");
endmodule
