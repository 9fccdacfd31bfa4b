// golden: counter
// style: plain output driven by assign from an internal register
module counter (
    input clk, rst, en,
    output [7:0] count
);
    reg [7:0] count_r;

    assign count = count_r;

    always @(posedge clk) begin
        if (rst == 1'b1)
            count_r <= 8'h00;
        else if (en == 1'b1)
            count_r <= count_r + 8'h01;
        else
            count_r <= count_r;
    end
endmodule
