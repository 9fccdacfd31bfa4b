// golden: counter
// style: recursive automatic functions, one of them for a constant
module counter (input logic clk, rst, en, output logic [7:0] count);
  function automatic integer log2(input integer n);
    log2 = (n <= 1) ? 0 : 1 + log2(n / 2);
  endfunction
  function automatic [7:0] add(input [7:0] l, input [7:0] r);
    if (r == 0) add = l;
    else add = add(l ^ r, (l & r) << 1);
  endfunction
  localparam WIDTH = log2(256);
  logic [WIDTH-1:0] value;
  assign count = value;
  always_ff @(posedge clk)
    if (rst) value <= '0;
    else if (en) value <= add(value, 8'd1);
endmodule
