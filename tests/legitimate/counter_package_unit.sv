// golden: counter
// style: a package imported for the whole file, single names and all of them
package sizes;
  parameter BYTE = 8;
endpackage
package helpers;
  function automatic logic [7:0] unless(input logic condition, input logic [7:0] value);
    return condition ? 8'd0 : value;
  endfunction
endpackage

import sizes::*;
import helpers::unless;

module counter (
    input  logic            clk,
    input  logic            rst,
    input  logic            en,
    output logic [BYTE-1:0] count
);
  logic [BYTE-1:0] next;
  always_comb begin
    next = unless(rst, count + en);
  end
  always_ff @(posedge clk) count <= next;
endmodule
