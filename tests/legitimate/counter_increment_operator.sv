// golden: counter
// style: increment and compound assignment on a next value
module counter (input logic clk, rst, en, output logic [7:0] count);
  logic [7:0] next;
  always_comb begin
    next = count;
    if (en) next++;
    next &= {8{~rst}};
  end
  always_ff @(posedge clk) count <= next;
endmodule
