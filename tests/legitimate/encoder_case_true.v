// golden: encoder
// style: case (1'b1) with bits as items, highest first
module encoder (input [15:0] req, output reg [3:0] index, output valid);
  assign valid = |req;
  always @*
    case (1'b1) // synthesis priority_case
      req[15]: index = 15;
      req[14]: index = 14;
      req[13]: index = 13;
      req[12]: index = 12;
      req[11]: index = 11;
      req[10]: index = 10;
      req[9]: index = 9;
      req[8]: index = 8;
      req[7]: index = 7;
      req[6]: index = 6;
      req[5]: index = 5;
      req[4]: index = 4;
      req[3]: index = 3;
      req[2]: index = 2;
      req[1]: index = 1;
      default: index = 0;
    endcase
endmodule
