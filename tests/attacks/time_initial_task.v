// golden: counter
// tries: waits in a task that an initial block calls
module counter(input clk, input rst, input en, output reg [7:0] count);
  task run;
    forever begin
      @(posedge clk);
      count = rst ? 8'd0 : count + 8'd1;
    end
  endtask
  initial run;
endmodule
