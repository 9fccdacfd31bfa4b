// golden: encoder
// style: casez with z digits in hexadecimal, priority by order
module encoder (input [15:0] req, output reg [3:0] index, output valid);
  assign valid = req != 16'h0000;
  reg [3:0] group;
  reg [1:0] high;
  always @* begin
    casez (req)
      16'b1zzz_zzzz_zzzz_zzzz, 16'b01zz_zzzz_zzzz_zzzz, 16'h2zzz, 16'h3zzz, 16'h1zzz: {high, group} = {2'd3, req[15:12]};
      16'hz8zz, 16'b????_?1??_????_????, 16'hz2zz, 16'hz3zz, 16'hz1zz, 16'b????_1???_????_????: {high, group} = {2'd2, req[11:8]};
      16'b????_????_1???_????, 16'b????_????_01??_????, 16'b????_????_001?_????, 16'hzz1z: {high, group} = {2'd1, req[7:4]};
      default: {high, group} = {2'd0, req[3:0]};
    endcase
    casez (group)
      4'b1???: index = {high, 2'd3};
      4'b01??: index = {high, 2'd2};
      4'b001?: index = {high, 2'd1};
      default: index = {high, 2'd0};
    endcase
  end
endmodule
