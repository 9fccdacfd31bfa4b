// golden: counter
// style: a signal named by a path that begins with the module's own name
module counter (input clk, input rst, input en, output reg [7:0] count);
  reg [7:0] next;
  always @* next = counter.count + counter.en;
  always @(posedge clk)
    if (rst) counter.count <= 8'd0;
    else count <= counter.next;
endmodule
