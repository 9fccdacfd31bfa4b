// golden: counter
// style: a real localparam from which an integer is computed
module counter (input clk, input rst, input en, output reg [7:0] count);
  localparam real CLOCK_HZ = 50.0e6;
  localparam integer STEP = CLOCK_HZ / 5.0E+7;
  always @(posedge clk)
    if (rst) count <= 0;
    else if (en) count <= count + STEP;
endmodule
