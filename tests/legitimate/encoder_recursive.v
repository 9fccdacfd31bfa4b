// golden: encoder
// style: a tree of instances of one parameterised module, chosen by generate if
module encoder (input [15:0] req, output [3:0] index, output valid);
  encode #(.LEVELS(4)) u_encode (.req, .index, .valid);
endmodule
module encode #(parameter LEVELS = 1) (
  input [2**LEVELS-1:0] req, output [LEVELS-1:0] index, output valid);
  generate
    if (LEVELS == 1) begin : pair
      assign index = req[1];
      assign valid = |req;
    end
    else begin : half
      localparam N = 2 ** (LEVELS - 1);
      wire [LEVELS-2:0] low_index, high_index;
      wire low_valid, high_valid;
      encode #(LEVELS - 1) low (req[N-1:0], low_index, low_valid);
      encode #(LEVELS - 1) high (req[2*N-1:N], high_index, high_valid);
      assign valid = low_valid | high_valid;
      assign index = {high_valid, high_valid ? high_index : low_index};
    end
  endgenerate
endmodule
