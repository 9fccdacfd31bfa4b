// golden: counter
// style: hardly any white space, several statements on a line
module counter(input clk,rst,en,output reg[7:0]count);
always@(posedge clk)if(rst)count<=0;else if(en)count<=count+1'b1;else;
endmodule
