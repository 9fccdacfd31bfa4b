// golden: counter
// style: types, constants, a function and a task outside of any module
typedef logic [7:0] byte_t;
localparam byte_t ZERO = 8'd0;
parameter STEP = 1;
function automatic byte_t step(input byte_t value);
  step = value + STEP;
endfunction
module counter (input logic clk, input logic rst, input logic en, output byte_t count);
  always_ff @(posedge clk)
    if (rst) count <= ZERO;
    else if (en) count <= step(count);
endmodule
