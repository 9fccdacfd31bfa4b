// golden: counter
// style: functions with return, default arguments, static and automatic lifetimes
module counter (input logic clk, rst, en, output logic [7:0] count);
  function static logic [7:0] zero();
    return 8'd0;
  endfunction
  function automatic logic [7:0] plus(input logic [7:0] a, input logic [7:0] b = 8'd1);
    logic [7:0] sum;
    sum = a + b;
    return sum;
  endfunction
  always_ff @(posedge clk)
    if (rst) count <= zero();
    else if (en) count <= plus(count);
endmodule
