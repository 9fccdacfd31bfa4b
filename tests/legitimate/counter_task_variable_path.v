// golden: counter
// style: the variable of a task read by its path
module counter (input clk, input rst, input en, output reg [7:0] count);
  task step;
    reg [7:0] next;
    begin
      next = count + 8'd1;
      count <= next;
    end
  endtask
  wire [7:0] last_step = step.next;
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) step;
endmodule
