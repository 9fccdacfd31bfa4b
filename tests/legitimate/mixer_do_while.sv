// golden: mixer
// style: do while until no carry is left
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  logic [7:0] carries, old;
  always_comb begin
    y = a ^ b;
    carries = sel ? {a[6:0] & b[6:0], 1'b0} : '0;
    do begin
      old = y;
      y = old ^ carries;
      carries = {old[6:0] & carries[6:0], 1'b0};
    end while (carries != 0);
  end
endmodule
