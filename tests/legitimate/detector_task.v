// golden: detector
// style: a task with nonblocking assignments does a state's work
module detector (input clk, input rst_n, input din, output reg found);
  reg [1:0] matched;

  task go_to(input [1:0] count, input hit);
    begin
      matched <= count;
      found <= hit;
    end
  endtask

  always @(posedge clk or negedge rst_n)
    if (!rst_n) go_to(0, 0);
    else
      case (matched)
        0: go_to(din, 0);
        1: go_to(din ? 1 : 2, 0);
        2: go_to(din ? 3 : 0, 0);
        3: if (din) go_to(1, 1); else go_to(2, 0);
      endcase
endmodule
