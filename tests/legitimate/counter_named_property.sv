// golden: counter
// style: named properties and sequences, a default clocking and a default disable, asserted and covered
module counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [7:0] count
);
  always_ff @(posedge clk)
    if (rst) count <= '0;
    else if (en) count <= count + 8'd1;

  default clocking tick @(posedge clk);
  endclocking
  default disable iff (rst);

  sequence counted;
    en ##1 1'b1;
  endsequence

  property counts;
    counted |-> count == $past(count) + 8'd1;
  endproperty

  up: assert property (counts) else $error("lost a count");
  cover property (counted);
endmodule
