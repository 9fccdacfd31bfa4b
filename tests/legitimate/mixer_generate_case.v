// golden: mixer
// style: generate with case, if and else on parameters, blocks with and without names
module mixer #(parameter WIDTH = 8, parameter ADDER = "ripple", parameter REGISTERED = 0)
  (input [WIDTH-1:0] a, input [WIDTH-1:0] b, input sel, output [WIDTH-1:0] y);
  wire [WIDTH-1:0] sum;
  genvar i;
  generate
    case (ADDER)
      "ripple": begin : ripple
        wire [WIDTH:0] c;
        assign c[0] = 1'b0;
        for (i = 0; i < WIDTH; i = i + 1) begin : bits
          assign {c[i+1], sum[i]} = a[i] + b[i] + c[i];
        end
      end
      default: assign sum = a + b;
    endcase
    if (REGISTERED) begin : unsupported
      assign y = {WIDTH{1'bx}};
    end else if (WIDTH > 1)
      assign y = sel ? sum : a ^ b;
    else
      assign y = a ^ (b & ~sel);
  endgenerate
endmodule
