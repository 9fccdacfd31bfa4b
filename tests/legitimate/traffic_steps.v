// golden: traffic
// style: a single step counter decoded with ranges and relational operators
module traffic (input clk, input rst, input car, output reg [2:0] light);
  integer step;
  always @(posedge clk or posedge rst)
    if (rst) step <= 0;
    else if (step == 10) step <= 0;
    else if (step != 3 || car) step <= step + 1;
  always @(step)
    if (step <= 3) light <= 3'b001;
    else if (step > 3 && step < 6) light <= 3'b010;
    else light <= 3'b100;
endmodule
