// golden: counter
// style: two-state variables: bit, byte, int
module counter (input bit clk, input bit rst, input bit en, output bit [7:0] count);
  byte unsigned value;
  int i;
  always @(posedge clk) begin
    i = value;
    if (rst) i = 0;
    else if (en) i = i + 1;
    value <= i;
  end
  assign count = value;
endmodule
