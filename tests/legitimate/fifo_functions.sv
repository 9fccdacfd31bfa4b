// golden: fifo
// style: automatic functions with local variables, foreach over the memory
module fifo (
    input  logic clk, rst_n, push, pop,
    input  logic [7:0] din,
    output logic [7:0] dout,
    output logic empty, full,
    output logic [2:0] level
);
  logic [7:0] mem [0:3];
  logic [1:0] head, tail;

  function automatic logic [1:0] following(input logic [1:0] place);
    logic [2:0] sum;
    sum = place + 3'd1;
    following = sum[1:0];
  endfunction

  function automatic logic [2:0] changed(input logic [2:0] by, input logic up, input logic down);
    int value;
    value = by;
    if (up) value++;
    if (down) value--;
    return value[2:0];
  endfunction

  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      foreach (mem[i]) mem[i] <= '0;
      {head, tail, level} <= '0;
    end else begin
      if (push & ~full) begin
        mem[tail] <= din;
        tail <= following(tail);
      end
      if (pop & ~empty) head <= following(head);
      level <= changed(level, push & ~full, pop & ~empty);
    end

  assign empty = !level;
  assign full = level == 3'd4;
  assign dout = empty ? 8'h00 : mem[head];
endmodule
