// golden: encoder
// style: binary search with nested conditional selects
module encoder (input [15:0] req, output [3:0] index, output valid);
  wire [7:0] b8;
  wire [3:0] b4;
  wire [1:0] b2;
  assign index[3] = |req[15:8];
  assign b8 = index[3] ? req[15:8] : req[7:0];
  assign index[2] = |b8[7:4];
  assign b4 = index[2] ? b8[7:4] : b8[3:0];
  assign index[1] = |b4[3:2];
  assign b2 = index[1] ? b4[3:2] : b4[1:0];
  assign index[0] = b2[1];
  assign valid = |b2;
endmodule
