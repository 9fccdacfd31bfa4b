// golden: mixer
// style: a void function that writes variables of the module
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  logic [7:0] results [0:1];
  function automatic void compute(input logic [7:0] l, input logic [7:0] r);
    results[0] = l ^ r;
    results[1] = l + r;
  endfunction
  always @(a, b) compute(a, b);
  assign y = results[sel];
endmodule
