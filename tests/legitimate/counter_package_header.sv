// golden: counter
// style: a package imported in the module's header
package counter_pkg;
  localparam int WIDTH = 8;
  typedef logic [7:0] count_t;
  localparam count_t RESET_VALUE = 8'h00;

  function automatic count_t increment(input count_t value);
    increment = value + 1'b1;
  endfunction
endpackage : counter_pkg

module counter
  import counter_pkg::*;
(
    input  logic   clk,
    input  logic   rst,
    input  logic   en,
    output count_t count
);
  always_ff @(posedge clk)
    if (rst) count <= RESET_VALUE;
    else if (en) count <= increment(count);
endmodule : counter
