// golden: counter
// style: concurrent properties kept behind an ifdef that nobody sets
module counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [7:0] count
);
  always_ff @(posedge clk)
    if (rst) count <= '0;
    else if (en) count <= count + 8'd1;

`ifdef FORMAL
  logic seen = 1'b0;
  always_ff @(posedge clk) seen <= 1'b1;
  assert property (@(posedge clk) seen && $past(rst) |-> count == 0);
  cover property (@(posedge clk) count == 8'hFF ##1 count == 8'h00);
`endif
endmodule
