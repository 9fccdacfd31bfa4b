// golden: detector
// tries: keeps its state in a primitive of its own
module detector(input clk, input rst_n, input din, output found);
  hit u(found, clk, din);
endmodule
primitive hit(q, c, d);
  output q;
  reg q;
  input c, d;
  table
    r 1 : ? : 1;
    r 0 : ? : 0;
    n ? : ? : -;
    ? * : ? : -;
  endtable
endprimitive
