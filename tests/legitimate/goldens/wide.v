// A register of 200 bits that loads, or rotates left by one; and its parity. No reset: unknown until loaded.
module wide (
    input              clk,
    input              load,
    input      [199:0] d,
    output reg [199:0] q,
    output             parity
);
  always @(posedge clk)
    if (load) q <= d;
    else q <= {q[198:0], q[199]};
  assign parity = ^q;
endmodule
