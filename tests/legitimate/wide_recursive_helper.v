// golden: wide
// style: a helper that instantiates itself with a smaller parameter
module wide (input clk, input load, input [199:0] d, output reg [199:0] q, output parity);
  always @(posedge clk) q <= load ? d : q << 1 | q >> 199;
  parity_tree #(.N(200)) u_parity (.in(q), .out(parity));
endmodule

module parity_tree #(parameter N = 2) (input [N-1:0] in, output out);
  generate
    if (N == 1) begin : leaf
      assign out = in;
    end else begin : node
      localparam HALF = N / 2;
      wire low, high;
      parity_tree #(.N(HALF)) u_low (.in(in[HALF-1:0]), .out(low));
      parity_tree #(.N(N - HALF)) u_high (.in(in[N-1:HALF]), .out(high));
      assign out = low ^ high;
    end
  endgenerate
endmodule
