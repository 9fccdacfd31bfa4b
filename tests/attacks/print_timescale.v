// golden: mixer
// tries: prints through $printtimescale and lists the hierarchy
module mixer(input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  initial begin $printtimescale; $list; $showscopes; end
  assign y = 8'd0;
endmodule
