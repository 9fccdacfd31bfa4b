// golden: wide
// style: the bus as a packed array of 25 bytes, rotated with a carry from byte to byte
module wide (
    input  logic         clk,
    input  logic         load,
    input  logic [199:0] d,
    output logic [199:0] q,
    output logic         parity
);
  localparam int BYTES = 200 / 8;
  logic [BYTES-1:0][7:0] bytes, rotated;
  assign bytes = q;
  for (genvar n = 0; n < BYTES; n++) begin : g_byte
    localparam int BELOW = n == 0 ? BYTES - 1 : n - 1;
    assign rotated[n] = {q[8*n +: 7], q[8*BELOW + 7]};
  end
  always_ff @(posedge clk) q <= load ? d : rotated;
  always_comb begin
    parity = 1'b0;
    for (int n = 0; n < BYTES; n++) parity ^= ^bytes[n];
  end
endmodule
