// golden: counter
// tries: declares its inputs as supply nets
module counter(input supply0 clk, input supply1 rst, input tri1 en, output reg [7:0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
