// golden: counter
// style: port ranges from parameters and a function declared further down
module counter (clk, rst, en, count);
  parameter MAX = 255;
  input clk, rst, en;
  output [width_of(MAX)-1:0] count;
  reg [width_of(MAX)-1:0] count;

  always @(posedge clk)
    if (rst) count <= 0;
    else if (en) count <= (count == MAX) ? 0 : count + 1;

  function integer width_of;
    input integer value;
    for (width_of = 0; value > 0; width_of = width_of + 1)
      value = value >> 1;
  endfunction
endmodule
