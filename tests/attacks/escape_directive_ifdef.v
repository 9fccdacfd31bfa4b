// golden: counter
// tries: hides code from the simulator, but not from the reader, between escaped names like directives
module counter(input clk, input rst, input en, output reg [7:0] count);
  wire \`ifdef NEVER ;
  wire [8:0] only_the_reader_sees_this;
  wire \`endif_w ;
  always @(posedge clk) count <= 8'd0;
endmodule
