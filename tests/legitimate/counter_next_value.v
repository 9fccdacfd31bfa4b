// golden: counter
// style: two processes: next value in always @*, register in its own block
module counter (input clk, input rst, input en, output reg [7:0] count);
  reg [7:0] count_next;

  always @* begin
    count_next = count;       // hold
    if (en)
      count_next = count + 1'b1;
  end

  always @(posedge clk)
    if (rst) count <= 8'd0;
    else     count <= count_next;
endmodule
