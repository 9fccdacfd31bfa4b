// golden: counter
// style: package items named with their scope, without an import
package counter_config;
  localparam int         WIDTH = 8;
  localparam logic [7:0] FIRST = 8'd0;
  function automatic logic [7:0] after(input logic [7:0] value);
    return value + 8'd1;
  endfunction
endpackage

module counter (
    input  logic                             clk,
    input  logic                             rst,
    input  logic                             en,
    output logic [counter_config::WIDTH-1:0] count
);
  always_ff @(posedge clk)
    if (rst) count <= counter_config::FIRST;
    else if (en) count <= counter_config::after(count);
endmodule
