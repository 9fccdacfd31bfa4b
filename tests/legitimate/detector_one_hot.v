// golden: detector
// style: one-hot register with equations for every bit
module detector (input clk, input rst_n, input din, output found);
  localparam NONE = 0, GOT_1 = 1, GOT_10 = 2, GOT_101 = 3, GOT_1011 = 4;
  reg [4:0] state;
  wire [4:0] next;

  assign next[NONE]     = ~din & (state[NONE] | state[GOT_10]);
  assign next[GOT_1]    = din & (state[NONE] | state[GOT_1] | state[GOT_1011]);
  assign next[GOT_10]   = ~din & (state[GOT_1] | state[GOT_101] | state[GOT_1011]);
  assign next[GOT_101]  = din & state[GOT_10];
  assign next[GOT_1011] = din & state[GOT_101];

  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= 5'b00001;
    else state <= next;

  assign found = state[GOT_1011];
endmodule
