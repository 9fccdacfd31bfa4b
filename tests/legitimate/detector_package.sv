// golden: detector
// style: state type, constants and functions in a package imported in the module's body
package detector_types;
  typedef enum logic [2:0] {
    NONE     = 3'b000,
    GOT_1    = 3'b001,
    GOT_10   = 3'b010,
    GOT_101  = 3'b011,
    GOT_1011 = 3'b100
  } state_e;

  function automatic state_e next_of(input state_e state, input logic din);
    unique case (state)
      NONE: if (din) next_of = GOT_1; else next_of = NONE;
      GOT_10: if (din) next_of = GOT_101; else next_of = NONE;
      GOT_101: if (din) next_of = GOT_1011; else next_of = GOT_10;
      default: if (din) next_of = GOT_1; else next_of = GOT_10;
    endcase
  endfunction
endpackage

module detector (input logic clk, rst_n, din, output logic found);
  import detector_types::*;
  state_e state;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) state <= NONE;
    else state <= next_of(state, din);
  assign found = state == detector_types::GOT_1011;
endmodule
