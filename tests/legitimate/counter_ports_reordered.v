// golden: counter
// style: ports in another order than asked for, declared one by one and in groups
module counter (
    output reg [7:0] count,
    input en, rst,
    input wire clk
);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
