// golden: counter
// style: one function imported from a package for the whole file
package arithmetic;
  function automatic logic [7:0] plus_one(input logic [7:0] value);
    plus_one = value + 8'd1;
  endfunction
endpackage
import arithmetic::plus_one;
module counter (input logic clk, rst, en, output logic [7:0] count);
  always_ff @(posedge clk)
    if (rst) count <= '0;
    else if (en) count <= plus_one(count);
endmodule
