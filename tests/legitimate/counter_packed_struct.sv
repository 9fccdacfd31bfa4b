// golden: counter
// style: the register is a packed struct, reset as a whole
module counter (input logic clk, rst, en, output logic [7:0] count);
  typedef struct packed {
    logic       wrapped;
    logic [3:0] high;
    logic [3:0] low;
  } value_t;

  value_t value, next;

  always_comb begin
    next = value;
    if (en) begin
      next.low = value.low + 4'd1;
      if (value.low == 4'hF) next.high = value.high + 4'd1;
      next.wrapped = value.wrapped | (&value.low & &value.high);
    end
  end

  always_ff @(posedge clk)
    if (rst) value <= '0;
    else value <= next;

  assign count = {value.high, value.low};
endmodule
