// golden: counter
// style: tasks with inputs and outputs called in the clocked block
module counter (input clk, input rst, input en, output reg [7:0] count);
  task step;
    input [7:0] from;
    input [7:0] by;
    output [7:0] to;
    begin
      to = from + by;
    end
  endtask

  task load(input [7:0] value);
    count <= value;
  endtask

  reg [7:0] next;
  always @(posedge clk) begin
    step(count, {7'b0, en}, next);
    if (rst) load(0);
    else load(next);
  end
endmodule
