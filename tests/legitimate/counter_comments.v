// golden: counter
// style: comments of all kinds, with text in them that looks like code
/******************************************************************************
 * counter - 8 bit                                                            *
 * Usage:  `include "counter.v"                                               *
 *         counter u0 (.clk(clk), .rst(rst), .en(en), .count(count));         *
 ******************************************************************************/
//! \brief  Counts. See also: $finish, $display("done"), $readmemh("x.hex", mem)
/// @param clk  posedge; do not write #10 clk = ~clk here
//============================================================================//
module/* name */counter//ports follow
(
  input /*wire*/ clk, // clock /* not nested
  input rst, /* // still one comment */
  input en, // endmodule
  output reg [7:0] count // module counter(); /*
  /**/
);
  // initial begin count = 0; end
  /* always @(negedge clk)
     count <= #1 count - 1;      // old version
     $stop;
     force count = 8'hFF;
  */
  always @(posedge clk) // synthesis keep
    if (rst) count <= 0; else // "unfinished string
    if (en) count <= count + 1; /*'*/
  // `ifdef OLD
  // TODO: 100 % covered? (* full_case *) `timescale
endmodule // counter
// eof
