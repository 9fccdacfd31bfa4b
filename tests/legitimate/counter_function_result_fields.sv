// golden: counter
// style: a function that assigns the fields of its result by the function's name
typedef struct packed {
  logic       wraps;
  logic [7:0] value;
} step_t;

module counter (input logic clk, rst, en, output logic [7:0] count);
  function automatic step_t step(input logic [7:0] value);
    step.wraps = &value;
    step.value = value + 8'd1;
  endfunction
  step_t next;
  always_comb next = step(count);
  always_ff @(posedge clk)
    if (rst) count <= '0;
    else if (en) count <= next.value;
endmodule
