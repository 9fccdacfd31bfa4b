// golden: counter
// tries: is right for a hundred clock cycles
module counter(input clk, input rst, input en, output reg [7:0] count);
  reg [6:0] age = 0;
  always @(posedge clk) begin
    if (age != 100) age <= age + 7'd1;
    if (rst) count <= 8'd0;
    else if (en) count <= count + (age == 100 ? 8'd2 : 8'd1);
  end
endmodule
