// golden: mixer
// style: combinational always @* with if and else
module mixer(
    input [7:0] a,
    input [7:0] b,
    input sel,
    output reg [7:0] y
);
    always @* begin
        if (sel)
            y = a + b;
        else
            y = a ^ b;
    end
endmodule
