// golden: counter
// style: a Verilog-1995 function with local variables and a loop
module counter (input clk, input rst, input en, output reg [7:0] count);
  function [7:0] increment;
    input [7:0] value;
    input by_one;
    reg carry;
    integer i;
    begin
      carry = by_one;
      for (i = 0; i <= 7; i = i + 1) begin
        increment[i] = value[i] ^ carry;
        carry = carry & value[i];
      end
    end
  endfunction

  always @(posedge clk)
    count <= rst ? 0 : increment(count, en);
endmodule
