// golden: counter
// style: unsized literals beyond 31 bits and literals wider than their size
module counter (input clk, input rst, input en, output reg [7:0] count);
  localparam LIMIT = 4294967295;
  localparam [39:0] HOUR_NS = 3_600_000_000_000;
  wire never = count > LIMIT;
  always @(posedge clk)
    if (rst | never) count <= 8'd256;
    else if (en) count <= count + 4'b0000_0001;
endmodule
