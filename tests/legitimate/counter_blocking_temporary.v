// golden: counter
// style: blocking temporaries in a clocked block, declared in the named block
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk) begin : count_process
    reg [7:0] v;
    reg carry;
    integer k;
    v = count;
    carry = en;
    for (k = 0; k < 8; k = k + 1) begin
      v[k] = count[k] ^ carry;
      carry = count[k] & carry;
    end
    if (rst) v = 8'd0;
    count <= v;
  end
endmodule
