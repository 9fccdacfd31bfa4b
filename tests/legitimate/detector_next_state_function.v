// golden: detector
// style: next state computed by a function
module detector (input clk, input rst_n, input din, output found);
  localparam [2:0] NONE = 0, GOT_1 = 1, GOT_10 = 2, GOT_101 = 3, GOT_1011 = 4;
  reg [2:0] state;

  function [2:0] next_state(input [2:0] now, input bit_in);
    case (now)
      NONE: next_state = bit_in ? GOT_1 : NONE;
      GOT_10: next_state = bit_in ? GOT_101 : NONE;
      GOT_101: next_state = bit_in ? GOT_1011 : GOT_10;
      default: next_state = bit_in ? GOT_1 : GOT_10;
    endcase
  endfunction

  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= NONE;
    else state <= next_state(state, din);

  assign found = state == GOT_1011;
endmodule
