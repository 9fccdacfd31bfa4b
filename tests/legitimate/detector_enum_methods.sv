// golden: detector
// style: enum without a type name, walked with its methods first, next and last
module detector (input logic clk, rst_n, din, output logic found);
  typedef enum bit [2:0] {NONE, GOT_1, GOT_10, GOT_101, GOT_1011} progress_t;
  progress_t progress;
  logic expected;
  assign expected = (progress == GOT_1) ? 1'b0 : 1'b1;
  always_ff @(posedge clk, negedge rst_n)
    if (!rst_n) progress <= progress.first();
    else if (progress == GOT_1011) begin
      if (din) progress <= GOT_1;
      else progress <= GOT_10;
    end
    else if (din == expected) progress <= progress.next();
    else if (progress == GOT_101) progress <= GOT_10;
    else if (progress == GOT_10) progress <= progress.first;
  assign found = progress == progress.last();
endmodule
