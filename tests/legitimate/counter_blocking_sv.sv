// golden: counter
// style: increments and blocking assignments to the output in the clocked block
module counter (input logic clk, rst, en, output logic [7:0] count);
  always_ff @(posedge clk) begin
    if (rst) count = '0;
    else if (en) count++;
  end
endmodule
