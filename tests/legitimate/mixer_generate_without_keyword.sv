// golden: mixer
// style: loops and conditions without `generate`, genvars declared in the loop
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  localparam int LANES = 2;
  logic [LANES:0] carry;
  assign carry[0] = 1'b0;
  for (genvar n = 0; n < LANES; n++) begin : lane
    localparam int LOW = 4 * n;
    logic [4:0] sum;
    assign sum = a[LOW +: 4] + b[LOW +: 4] + carry[n];
    assign carry[n+1] = sum[4];
    for (genvar k = LOW; k < LOW + 4; k++) begin : bits
      assign y[k] = sel ? sum[k-LOW] : a[k] ^ b[k];
    end
  end
endmodule
