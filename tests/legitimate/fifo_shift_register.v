// golden: fifo
// style: a shift register of entries with the number used
module fifo (clk, rst_n, push, pop, din, dout, empty, full, level);
  input clk, rst_n, push, pop;
  input [7:0] din;
  output [7:0] dout;
  output empty, full;
  output [2:0] level;

  reg [7:0] entry0, entry1, entry2, entry3;
  reg [2:0] level;
  wire do_push = push & ~full;
  wire do_pop = pop & ~empty;
  wire [2:0] place = level - do_pop;

  assign empty = ~|level;
  assign full = level[2];
  assign dout = entry0;

  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      {entry0, entry1, entry2, entry3} <= 32'h0;
      level <= 3'h0;
    end else begin
      if (do_pop) begin
        {entry0, entry1, entry2} <= {entry1, entry2, entry3};
        entry3 <= 8'h0;
      end
      if (do_push)
        case (place)
          3'h0: entry0 <= din;
          3'h1: entry1 <= din;
          3'h2: entry2 <= din;
          3'h3: entry3 <= din;
        endcase
      level <= place + do_push;
    end
endmodule
