// golden: detector
// style: next states read out of a memory that an initial block fills
module detector (input clk, input rst_n, input din, output found);
  reg [2:0] table_rom [0:15];
  reg [2:0] state;
  initial begin
    table_rom[{3'd0, 1'b0}] = 3'd0; table_rom[{3'd0, 1'b1}] = 3'd1;
    table_rom[{3'd1, 1'b0}] = 3'd2; table_rom[{3'd1, 1'b1}] = 3'd1;
    table_rom[{3'd2, 1'b0}] = 3'd0; table_rom[{3'd2, 1'b1}] = 3'd3;
    table_rom[{3'd3, 1'b0}] = 3'd2; table_rom[{3'd3, 1'b1}] = 3'd4;
    table_rom[{3'd4, 1'b0}] = 3'd2; table_rom[{3'd4, 1'b1}] = 3'd1;
  end
  always @(posedge clk or negedge rst_n)
    if (!rst_n) state <= 3'd0;
    else state <= table_rom[{state, din}];
  assign found = state == 3'd4;
endmodule
