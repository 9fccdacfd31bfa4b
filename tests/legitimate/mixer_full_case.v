// golden: mixer
// style: a parallel_case attribute and pragma on a combinational case in a function
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  function [7:0] pick;
    input [7:0] p, q;
    input which;
    (* full_case, parallel_case *)
    case (which) // synthesis full_case parallel_case
      1'b1: pick = p;
      1'b0: pick = q;
    endcase
  endfunction
  assign y = pick(a + b, a ^ b, sel);
endmodule
