// golden: counter
// style: unconnected_drive around a helper with an open input
module counter (input clk, input rst, input en, output [7:0] count);
  stepper u (.clk(clk), .clear(rst), .step(en), .down(), .q(count));
endmodule
`unconnected_drive pull0
module stepper (input clk, input clear, input step, input down, output reg [7:0] q);
  always @(posedge clk)
    if (clear) q <= 8'd0;
    else if (step) q <= (down === 1'b1) ? q - 8'd1 : q + 8'd1;
endmodule
`nounconnected_drive
