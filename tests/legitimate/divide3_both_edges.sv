// golden: divide3
// style: always_ff on both clock edges, two shift registers
module divide3 (input logic clk, input logic rst_n, output logic clk_out);
  logic [2:0] ring;
  logic half;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) ring <= 3'b100;
    else ring <= {ring[1:0], ring[2]};
  always_ff @(negedge clk or negedge rst_n)
    if (!rst_n) half <= 1'b0;
    else half <= ring[0];
  assign clk_out = ring[0] | half;
endmodule
