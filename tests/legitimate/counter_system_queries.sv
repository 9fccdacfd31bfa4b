// golden: counter
// style: array and bit queries: $size, $high, $low, $left, $right, $countones, $onehot, $isunknown
module counter (input logic clk, rst, en, output logic [7:0] count);
  logic [7:0] value;
  logic all_ones, strange;
  assign all_ones = $countones(value) == $size(value);
  assign strange = $isunknown(value) | $onehot({rst, ~rst, 1'b1});
  always_ff @(posedge clk)
    if (rst || (en && all_ones)) value[$high(value):$low(value)] <= '0;
    else if (en) value <= value + $unsigned(1);
  assign count = strange ? 'x : value[$left(value):$right(value)];
endmodule
