// golden: counter
// tries: declares its inputs as references
module counter(ref logic clk, ref logic rst, ref logic en, output logic [7:0] count);
  initial rst = 1;
  always @(posedge clk) count <= 8'd0;
endmodule
