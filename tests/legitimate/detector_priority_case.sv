// golden: detector
// style: priority case
module detector (input logic clk, rst_n, din, output logic found);
  logic [2:0] s, n;
  always_ff @(posedge clk or negedge rst_n) if (!rst_n) s <= 0; else s <= n;
  always_comb begin
    priority case (s)
      0: n = din ? 1 : 0;
      1: n = din ? 1 : 2;
      2: n = din ? 3 : 0;
      3: n = din ? 4 : 2;
      4: n = din ? 1 : 2;
      default: n = 'x;
    endcase
  end
  assign found = s == 4;
endmodule
