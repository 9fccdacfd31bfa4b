// golden: square
// style: repeated addition with shifts in an automatic function, longint and shortint
module square (input logic [7:0] x, output logic [7:0] y);
  function automatic shortint unsigned times(input byte unsigned l, input byte unsigned r);
    longint unsigned product;
    product = 0;
    for (int i = 0; i < 8; i++)
      if (r[i]) product += l << i;
    return product;
  endfunction
  shortint unsigned full;
  assign full = times(x, x);
  assign y = full[15:8];
endmodule
