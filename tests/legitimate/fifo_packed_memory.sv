// golden: fifo
// style: the memory as a packed array type, shifted as a whole
module fifo (
    input  logic clk, rst_n, push, pop,
    input  logic [7:0] din,
    output logic [7:0] dout,
    output logic empty, full,
    output logic [2:0] level
);
  typedef logic [3:0][7:0] store_t;
  store_t store, store_next;
  logic [2:0] level_next;

  always_comb begin
    store_next = store;
    level_next = level;
    if (pop && level != 0) begin
      store_next = store >> 8;
      level_next = level - 3'd1;
    end
    if (push && level != 4) begin
      for (int i = 0; i < 4; i++)
        if (i == level_next) store_next[i] = din;
      level_next = level_next + 3'd1;
    end
  end

  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) {store, level} <= '0;
    else {store, level} <= {store_next, level_next};

  assign dout = store[0];
  assign empty = level == 0;
  assign full = level[2];
endmodule
