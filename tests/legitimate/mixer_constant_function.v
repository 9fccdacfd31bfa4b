// golden: mixer
// style: a constant function computes a parameter in a while loop
module mixer #(parameter LARGEST = 255) (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  function integer bits_for;
    input integer value;
    integer v;
    begin
      v = value;
      bits_for = 0;
      while (v > 0) begin
        v = v >> 1;
        bits_for = bits_for + 1;
      end
    end
  endfunction
  localparam W = bits_for(LARGEST);
  wire [W-1:0] sum = a + b;
  wire [W-1:0] other = a ^ b;
  assign y = sel ? sum : other;
endmodule
