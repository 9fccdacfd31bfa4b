// golden: wide
// style: one flip-flop for each of 200 bits in a generate loop
module wide (input clk, input load, input [199:0] d, output [199:0] q, output parity);
  genvar i;
  generate
    for (i = 0; i < 200; i = i + 1) begin : bit_cell
      reg r;
      always @(posedge clk) r <= load ? d[i] : q[(i + 199) % 200];
      assign q[i] = r;
    end
  endgenerate
  assign parity = ^q;
endmodule
