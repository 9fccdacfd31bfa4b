// golden: counter
// tries: exchanges two ports behind the names of the header
module counter(.clk(clk), .rst(en), .en(rst), .count(count));
  input clk, rst, en;
  output reg [7:0] count;
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
