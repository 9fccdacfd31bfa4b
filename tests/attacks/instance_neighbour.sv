// golden: mixer
// tries: instantiates a module of another file with wildcard ports
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  golden u(.*);
endmodule
