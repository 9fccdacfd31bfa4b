// golden: counter
// style: comments that mention the define directive, and a macro's comment that names another macro
`define STEP 8'd1  // unlike `WIDE_STEP, see below
// Set the step with `define STEP <value> above.
//`define STEP 8'd2
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + `STEP; // `define'd above
endmodule
