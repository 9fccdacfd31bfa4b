// golden: fifo
// style: pointers with an extra wrap bit, status from comparing them
module fifo #(
    parameter DATA_WIDTH = 8,
    parameter ADDR_WIDTH = 2,
    parameter DEPTH      = 1 << ADDR_WIDTH
) (
    input  wire                  clk,
    input  wire                  rst_n,
    input  wire                  push,
    input  wire                  pop,
    input  wire [DATA_WIDTH-1:0] din,
    output wire [DATA_WIDTH-1:0] dout,
    output wire                  empty,
    output wire                  full,
    output wire [ADDR_WIDTH:0]   level
);
  reg [DATA_WIDTH-1:0] mem [DEPTH-1:0];
  reg [ADDR_WIDTH:0] wr_ptr, rd_ptr;

  assign empty = (wr_ptr == rd_ptr);
  assign full  = (wr_ptr[ADDR_WIDTH] != rd_ptr[ADDR_WIDTH])
              && (wr_ptr[ADDR_WIDTH-1:0] == rd_ptr[ADDR_WIDTH-1:0]);
  assign level = wr_ptr - rd_ptr;
  assign dout  = empty ? {DATA_WIDTH{1'b0}} : mem[rd_ptr[ADDR_WIDTH-1:0]];

  always @(posedge clk)
    if (push && !full) mem[wr_ptr[ADDR_WIDTH-1:0]] <= din;

  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      wr_ptr <= 0;
      rd_ptr <= 0;
    end else begin
      if (push && !full)  wr_ptr <= wr_ptr + 1'b1;
      if (pop  && !empty) rd_ptr <= rd_ptr + 1'b1;
    end
endmodule
