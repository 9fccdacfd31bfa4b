// golden: wide
// style: functions over a wide argument with a for loop and a while loop
module wide (input clk, input load, input [199:0] d, output reg [199:0] q, output reg parity);
  function parity_of(input [199:0] v);
    reg [199:0] left;
    begin
      left = v;
      parity_of = 1'b0;
      while (left != 200'd0) begin
        parity_of = ~parity_of;
        left = left & (left - 1'b1);
      end
    end
  endfunction
  function [199:0] rotate(input [199:0] v);
    integer i;
    for (i = 0; i < 200; i = i + 1)
      rotate[i == 199 ? 0 : i + 1] = v[i];
  endfunction
  always @(posedge clk)
    if (load) q = d;
    else q = rotate(q);
  always @(q) parity = (^q === 1'bx) ? 1'bx : parity_of(q);
endmodule
