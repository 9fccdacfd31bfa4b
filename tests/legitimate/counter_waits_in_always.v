// golden: counter
// style: event controls inside an always block instead of after it
module counter (input clk, input rst, input en, output reg [7:0] count);
  always begin
    @(posedge clk);
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
  end
endmodule
