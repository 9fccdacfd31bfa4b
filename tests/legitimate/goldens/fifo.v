// Queue of four bytes: a push into a full queue and a pop from an empty one do nothing; `dout` is the oldest byte.
// Asynchronous reset, active low.
module fifo (
    input        clk,
    input        rst_n,
    input        push,
    input        pop,
    input  [7:0] din,
    output [7:0] dout,
    output       empty,
    output       full,
    output [2:0] level
);
  reg [7:0] mem[0:3];
  reg [1:0] head, tail;
  reg [2:0] used;
  integer i;

  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      head <= 2'd0;
      tail <= 2'd0;
      used <= 3'd0;
      for (i = 0; i < 4; i = i + 1) mem[i] <= 8'd0;
    end else begin
      if (push && !full) begin
        mem[tail] <= din;
        tail <= tail + 2'd1;
      end
      if (pop && !empty) head <= head + 2'd1;
      used <= used + (push && !full) - (pop && !empty);
    end

  assign dout = empty ? 8'd0 : mem[head];
  assign empty = used == 3'd0;
  assign full = used == 3'd4;
  assign level = used;
endmodule
