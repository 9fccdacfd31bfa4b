// golden: counter
// style: concatenations on the left of assignments
module counter (input clk, input rst, input en, output [7:0] count);
  reg overflow;
  reg [3:0] high, low;
  wire carry;
  wire [3:0] low_next, high_next;

  assign {carry, low_next} = low + 4'd1;
  assign high_next = high + carry;
  assign count = {high, low};

  always @(posedge clk)
    if (rst) {overflow, high, low} <= 9'd0;
    else if (en) begin
      overflow <= &{high, low};
      {high, low} <= {high_next, low_next};
    end
endmodule
