// golden: traffic
// style: one-hot ring of steps, one for each cycle
module traffic (input clk, input rst, input car, output [2:0] light);
  reg [10:0] step;
  wire stay = step[3] & ~car;
  always @(posedge clk or posedge rst)
    if (rst) step <= 11'b1;
    else if (!stay) step <= {step[9:0], step[10]};
  assign light[0] = |step[3:0];
  assign light[1] = |step[5:4];
  assign light[2] = |step[10:6];
endmodule
