// golden: detector
// style: automatic functions with return over an enum type
module detector (input logic clk, rst_n, din, output logic found);
  typedef enum logic [2:0] {NONE, GOT_1, GOT_10, GOT_101, GOT_1011} state_t;
  state_t state;

  function automatic state_t after(input state_t s, input logic d);
    case (s)
      NONE: if (d) return GOT_1; else return NONE;
      GOT_10: if (d) return GOT_101; else return NONE;
      GOT_101: begin
        if (d) return GOT_1011;
        return GOT_10;
      end
      default:
        if (d) return GOT_1;
        else return GOT_10;
    endcase
  endfunction

  function automatic logic is_found(input state_t s);
    return s == GOT_1011;
  endfunction

  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) state <= NONE;
    else state <= after(state, din);
  assign found = is_found(state);
endmodule
