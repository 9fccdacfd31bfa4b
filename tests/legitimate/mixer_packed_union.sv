// golden: mixer
// style: a packed union that views a byte as nibbles and as bits
module mixer (input logic [7:0] a, b, input logic sel, output logic [7:0] y);
  typedef struct packed {
    logic [3:0] high;
    logic [3:0] low;
  } nibbles_t;
  typedef union packed {
    logic [7:0] whole;
    nibbles_t   nibble;
  } byte_u;

  byte_u l, r, result;
  logic carry;

  always_comb begin
    l.whole = a;
    r.whole = b;
    if (sel) begin
      {carry, result.nibble.low} = l.nibble.low + r.nibble.low;
      result.nibble.high = l.nibble.high + r.nibble.high + carry;
    end else begin
      carry = 1'b0;
      result.whole = l.whole ^ r.whole;
    end
  end
  assign y = result.whole;
endmodule
