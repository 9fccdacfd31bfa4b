// golden: counter
// style: instances, signals and ports that have the names of modules
module adder (input [7:0] adder_in, input step, output [7:0] adder);
  assign adder = adder_in + step;
endmodule
module holder (input clk, input rst, input [7:0] adder, output reg [7:0] counter);
  always @(posedge clk) counter <= rst ? 8'd0 : adder;
endmodule
module counter (input clk, input rst, input en, output [7:0] count);
  wire [7:0] sum;
  adder adder (.adder_in(count), .step(en), .adder(sum));
  holder holder (.clk(clk), .rst(rst), .adder(sum), .counter(count));
endmodule
