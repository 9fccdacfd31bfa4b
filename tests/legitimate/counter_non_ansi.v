// golden: counter
// style: ports listed by name, declared in the body, reg declared separately
module counter(clk, rst, en, count);
  input clk, rst, en;
  output [7:0] count;
  reg [7:0] count;

  always @(posedge clk)
  begin
    if (rst)
      count <= 8'b0;
    else if (en)
      count <= count + 1;
  end
endmodule
