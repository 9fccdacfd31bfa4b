// golden: encoder
// style: a function that returns out of a loop
module encoder (input logic [15:0] req, output logic [3:0] index, output logic valid);
  function automatic logic [4:0] highest(input logic [15:0] bits);
    for (int i = 15; i >= 0; i--) begin
      if (bits[i]) return {1'b1, i[3:0]};
    end
    return '0;
  endfunction
  assign {valid, index} = highest(req);
endmodule
