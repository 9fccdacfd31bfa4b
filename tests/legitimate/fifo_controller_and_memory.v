// golden: fifo
// style: controller, memory and pointers as modules of their own, all connected by name
module fifo (
    input        clk, rst_n, push, pop,
    input  [7:0] din,
    output [7:0] dout,
    output       empty, full,
    output [2:0] level
);
  wire [1:0] waddr, raddr;
  wire       we, re;
  wire [7:0] rdata;

  pointer u_wptr (.clk(clk), .rst_n(rst_n), .advance(we), .value(waddr));
  pointer u_rptr (.clk(clk), .rst_n(rst_n), .advance(re), .value(raddr));
  memory #(.WIDTH(8), .DEPTH(4)) u_mem (
    .clk   (clk),
    .we    (we),
    .waddr (waddr),
    .wdata (din),
    .raddr (raddr),
    .rdata (rdata)
  );
  controller u_ctl (.clk(clk), .rst_n(rst_n), .push(push), .pop(pop),
    .we(we), .re(re), .empty(empty), .full(full), .level(level));
  assign dout = rdata & {8{~empty}};
endmodule

module pointer #(parameter W = 2) (input clk, input rst_n, input advance, output reg [W-1:0] value);
  always @(posedge clk or negedge rst_n)
    if (!rst_n) value <= {W{1'b0}};
    else if (advance) value <= value + 1'b1;
endmodule

module memory #(parameter WIDTH = 1, DEPTH = 2, AW = $clog2(DEPTH))
  (input clk, input we, input [AW-1:0] waddr, input [WIDTH-1:0] wdata,
   input [AW-1:0] raddr, output [WIDTH-1:0] rdata);
  (* ram_style = "distributed" *) reg [WIDTH-1:0] cells [0:DEPTH-1];
  always @(posedge clk) if (we) cells[waddr] <= wdata;
  assign rdata = cells[raddr];
endmodule

module controller (input clk, input rst_n, input push, input pop,
                   output we, output re, output empty, output full, output reg [2:0] level);
  assign we = push & ~full;
  assign re = pop & ~empty;
  assign empty = level == 0;
  assign full = level == 4;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) level <= 0;
    else
      case ({we, re})
        2'b10: level <= level + 1;
        2'b01: level <= level - 1;
        default: level <= level;
      endcase
endmodule
