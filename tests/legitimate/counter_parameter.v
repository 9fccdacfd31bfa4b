// golden: counter
// style: ports sized by a parameter, replication of a bit to the width of the bus
module counter #(
    parameter WIDTH = 8
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             en,
    output reg  [WIDTH-1:0] count
);
    always @(posedge clk)
        if (rst)
            count <= {WIDTH{1'b0}};
        else if (en)
            count <= count + {{(WIDTH-1){1'b0}}, 1'b1};
endmodule
