// golden: counter
// style: a message printed in simulation, between translate_off and translate_on
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
  // synthesis translate_off
  always @(posedge clk) if (&count && en && !rst) $display("%0t: counter wraps", $time);
  // synthesis translate_on
endmodule
