// golden: fifo
// style: every entry in a generate block, decoded write enables, read by and-or
module fifo (input clk, input rst_n, input push, input pop, input [7:0] din,
             output [7:0] dout, output empty, output full, output [2:0] level);
  reg [3:0] head, tail;
  reg [4:0] fill;
  wire [31:0] gated;
  assign {full, empty} = {fill[4], fill[0]};
  assign level = {3{fill[1]}} & 3'd1 | {3{fill[2]}} & 3'd2 | {3{fill[3]}} & 3'd3 | {3{fill[4]}} & 3'd4;
  wire put = push & ~full, take = pop & ~empty;

  always @(posedge clk or negedge rst_n)
    if (!rst_n) head <= 4'b0001;
    else if (take) head <= {head[2:0], head[3]};
  always @(posedge clk or negedge rst_n)
    if (!rst_n) tail <= 4'b0001;
    else if (put) tail <= {tail[2:0], tail[3]};
  always @(posedge clk or negedge rst_n)
    if (!rst_n) fill <= 5'b00001;
    else if (put & ~take) fill <= fill << 1;
    else if (take & ~put) fill <= fill >> 1;

  generate
    genvar e;
    for (e = 0; e < 4; e = e + 1) begin : entry
      reg [7:0] data;
      always @(posedge clk or negedge rst_n)
        if (!rst_n) data <= 8'd0;
        else if (put && tail[e]) data <= din;
      assign gated[8*e +: 8] = data & {8{head[e] & ~empty}};
    end
  endgenerate
  assign dout = gated[31:24] | gated[23:16] | gated[15:8] | gated[7:0];
endmodule
