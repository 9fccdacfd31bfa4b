// golden: counter
// style: helper parameters and ports by name, some left open or at their defaults
module counter (
    input        clk,
    input        rst,
    input        en,
    output [7:0] count
);
  up_counter #(
      .WIDTH (8),
      .START (0)
  ) u_up_counter (
      .clk   (clk),
      .rst   (rst),
      .en    (en),
      .count (count),
      .last  ()
  );
endmodule

module up_counter #(
    parameter WIDTH = 16,
    parameter START = 5,
    parameter STEP  = 1
) (
    input                  clk,
    input                  rst,
    input                  en,
    output reg [WIDTH-1:0] count,
    output                 last
);
  assign last = &count;
  always @(posedge clk)
    if (rst) count <= START;
    else if (en) count <= count + STEP;
endmodule
