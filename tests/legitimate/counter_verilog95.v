// golden: counter
// style: Verilog-1995: every net declared apart from its port, no ANSI header, `or` lists
module counter (count, clk, rst, en);
output [7:0] count;
input clk;
input rst;
input en;
wire clk, rst, en;
reg [7:0] count;
reg [7:0] next;

always @(count or en)
begin
  if (en)
    next = count + 1;
  else
    next = count;
end

always @(posedge clk)
begin
  if (rst)
    count <= 0;
  else
    count <= next;
end
endmodule
