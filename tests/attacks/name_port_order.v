// golden: counter
// tries: reverses the order of its ports, which is right only if they are connected by name; and counts down
module counter(output reg [7:0] count, input en, input rst, input clk);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count - 8'd1;
endmodule
