// golden: counter
// style: instances of a toggle flip-flop made in a generate loop, named connections
module toggle_ff (
    input      clk,
    input      clear,
    input      t,
    output reg q
);
  always @(posedge clk)
    if (clear) q <= 1'b0;
    else if (t) q <= ~q;
endmodule

module counter (
    input        clk,
    input        rst,
    input        en,
    output [7:0] count
);
  toggle_ff ff0 (.clk(clk), .clear(rst), .t(en), .q(count[0]));
  genvar g;
  generate
    for (g = 1; g < 8; g = g + 1) begin : stage
      toggle_ff ff (.clk(clk), .clear(rst), .t(en & (&count[g-1:0])), .q(count[g]));
    end
  endgenerate
endmodule
