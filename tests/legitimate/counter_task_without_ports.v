// golden: counter
// style: tasks without arguments, called with and without parentheses
module counter (input clk, input rst, input en, output reg [7:0] count);
  task clear;
    count <= 8'd0;
  endtask
  task step();
    begin
      count <= count + 8'd1;
    end
  endtask
  always @(posedge clk)
    if (rst) clear;
    else if (en) step();
endmodule
