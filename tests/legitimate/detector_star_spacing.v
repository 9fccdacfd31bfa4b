// golden: detector
// style: every spelling of the implicit event list
module detector (input clk, input rst_n, input din, output reg found);
  reg [2:0] s, n;
  reg last, early;
  always@(posedge clk or negedge rst_n)if(!rst_n)s<=0;else s<=n;
  always @* last = (s == 3'd3);
  always @ ( * ) early = (s == 3'd2) | (s == 3'd0);
  always@(*)
    if (last) n = din ? 3'd4 : 3'd2;
    else if (early) n = din ? s + 3'd1 : 3'd0;
    else n = din ? 3'd1 : 3'd2;
  always @(* ) found = s == 3'd4;
endmodule
