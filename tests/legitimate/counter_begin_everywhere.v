// golden: counter
// style: begin and end around every statement, redundant parentheses
module counter (input clk, input rst, input en, output reg [7:0] count);
  always @(posedge clk)
  begin
    begin
      if ((rst))
      begin
        begin count <= (8'd0); end
      end
      else
      begin
        if ((en) == (1'b1))
        begin
          count <= ((count) + (8'd1));
        end
        else
        begin
        end
      end
    end
  end
endmodule
