// golden: fifo
// style: reset loop in a named block with its own integer, `disable` to leave a search early
module fifo (input clk, input rst_n, input push, input pop, input [7:0] din,
             output reg [7:0] dout, output reg empty, output reg full, output reg [2:0] level);
  reg [7:0] slot [1:4];
  reg used [1:4];
  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin : clear
      integer k;
      for (k = 1; k <= 4; k = k + 1) begin
        slot[k] <= 8'b0;
        used[k] <= 1'b0;
      end
    end
    else begin : work
      integer k;
      reg [7:0] moved [1:4];
      reg taken [1:4];
      for (k = 1; k <= 4; k = k + 1) begin
        moved[k] = slot[k];
        taken[k] = used[k];
      end
      if (pop && used[1]) begin
        for (k = 1; k < 4; k = k + 1) begin
          moved[k] = slot[k+1];
          taken[k] = used[k+1];
        end
        taken[4] = 1'b0;
        moved[4] = 8'd0;
      end
      if (push && !used[4]) begin : search
        for (k = 1; k <= 4; k = k + 1)
          if (!taken[k]) begin
            moved[k] = din;
            taken[k] = 1'b1;
            disable search;
          end
      end
      for (k = 1; k <= 4; k = k + 1) begin
        slot[k] <= moved[k];
        used[k] <= taken[k];
      end
    end
  always @(used[1], used[2], used[3], used[4], slot[1]) begin
    empty = !used[1];
    full = used[4];
    level = used[1] + used[2] + used[3] + used[4];
    dout = used[1] ? slot[1] : 8'd0;
  end
endmodule
