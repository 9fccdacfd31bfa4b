// golden: counter
// style: bit and part selects of memory words
module counter (input clk, input rst, input en, output [7:0] count);
  reg [7:0] memory [0:0];
  assign count = {memory[0][7:4], memory[0][0 +: 4]};
  always @(posedge clk)
    if (rst) memory[0] <= 8'd0;
    else if (en) begin
      memory[0][3:0] <= memory[0][3:0] + 4'd1;
      if (&memory[0][3:0]) memory[0][7 -: 4] <= memory[0][7:4] + 4'd1;
    end
endmodule
