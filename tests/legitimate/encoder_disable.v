// golden: encoder
// style: a loop from the top left with disable
module encoder (input [15:0] req, output reg [3:0] index, output reg valid);
  integer i;
  always @(req)
    begin : search
      index = 4'b0000;
      valid = 1'b0;
      for (i = 15; i >= 0; i = i - 1)
        begin
          if (req[i])
            begin
              index = i[3:0];
              valid = 1'b1;
              disable search;
            end
        end
    end
endmodule
