// golden: wide
// style: helper instances for words of the bus, chosen with indexed part selects
module wide (
    input  wire         clk,
    input  wire         load,
    input  wire [199:0] d,
    output wire [199:0] q,
    output wire         parity
);
  localparam N = 200 / 25;
  wire [N-1:0] p;
  genvar w;
  for (w = 0; w < N; w = w + 1) begin : word
    wire shift_in;
    if (w == 0) assign shift_in = q[199];
    else assign shift_in = q[25*w-1];
    word_register #(.WIDTH(25)) u (
      .clk, .load, .d(d[25*w +: 25]), .shift_in(shift_in), .q(q[25*(w+1)-1 -: 25]), .parity(p[w]));
  end
  assign parity = ^p;
endmodule

module word_register #(parameter WIDTH = 8) (
    input  wire             clk,
    input  wire             load,
    input  wire [WIDTH-1:0] d,
    input  wire             shift_in,
    output reg  [WIDTH-1:0] q,
    output wire             parity
);
  assign parity = ^q;
  always @(posedge clk)
    if (load) q <= d;
    else q <= {q, shift_in};
endmodule
