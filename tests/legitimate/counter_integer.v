// golden: counter
// style: an integer as the register, with modulo, and its lower bits as the output
module counter (input clk, input rst, input en, output [7:0] count);
  integer value;
  always @(posedge clk)
    if (rst) value <= 0;
    else if (en) value <= (value + 1) % 256;
  assign count = value[7:0];
endmodule
