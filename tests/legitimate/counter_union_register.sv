// golden: counter
// style: a packed union as the register, a packed array of structs beside it
module counter (input logic clk, rst, en, output logic [7:0] count);
  typedef struct packed {logic [7:0] value;} entry_t;
  union packed {
    logic [7:0] whole;
    logic [1:0][3:0] nibbles;
  } register;
  entry_t [1:0] copies;
  always_ff @(posedge clk)
    if (rst) register.whole <= '0;
    else if (en) register.whole <= register.whole + 1'b1;
  assign copies[1].value = register.whole;
  assign copies[0].value = {register.nibbles[1], register.nibbles[0]};
  assign count = copies[1] & copies[0];
endmodule
