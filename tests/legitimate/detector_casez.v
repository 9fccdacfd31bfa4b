// golden: detector
// style: casez over state and input together, with question marks
module detector (input clk, input rst_n, input din, output found);
  reg [2:0] state, next;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= 3'b000;
    else state <= next;
  always @*
    casez ({state, din})
      4'b000_0: next = 3'b000;
      4'b00?_1: next = 3'b001;
      4'b001_0: next = 3'b010;
      4'b010_0: next = 3'b000;
      4'b010_1: next = 3'b011;
      4'b011_1: next = 3'b100;
      4'b011_0, 4'b1??_0: next = 3'b010;
      4'b1??_1: next = 3'b001;
      default: next = 3'b000;
    endcase
  assign found = state[2];
endmodule
