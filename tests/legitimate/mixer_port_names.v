// golden: mixer
// style: port names that differ from the nets behind them
module mixer (.a(left), .b(right), .sel(mode), .y(result));
  input [7:0] left, right;
  input mode;
  output [7:0] result;
  assign result = mode ? left + right : left ^ right;
endmodule
