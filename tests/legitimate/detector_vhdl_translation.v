// golden: detector
// style: the look of a translation from VHDL: long names, comparisons with 1'b1, begin and end everywhere
// File detector.vhd translated with a VHDL to Verilog converter
// no timescale needed

module detector(
   input wire clk,
   input wire rst_n,
   input wire din,
   output wire found
);

parameter [2:0]
  st_none = 0,
  st_one = 1,
  st_onezero = 2,
  st_onezeroone = 3,
  st_complete = 4;

reg [2:0] present_state; reg [2:0] following_state;
wire found_i;

  assign found = found_i;
  assign found_i = present_state == st_complete ? 1'b 1 : 1'b 0;

  always @(posedge clk, negedge rst_n) begin : P1
    if(rst_n == 1'b 0) begin
      present_state <= st_none;
    end else begin
      present_state <= following_state;
    end
  end

  always @(present_state, din) begin : P2
    following_state <= st_none;
    case(present_state)
    st_none : begin
      if(din == 1'b 1) begin
        following_state <= st_one;
      end
    end
    st_onezero : begin
      if(din == 1'b 1) begin
        following_state <= st_onezeroone;
      end
    end
    st_onezeroone : begin
      if(din == 1'b 1) begin
        following_state <= st_complete;
      end
      else begin
        following_state <= st_onezero;
      end
    end
    st_one,st_complete : begin
      if(din == 1'b 1) begin
        following_state <= st_one;
      end
      else begin
        following_state <= st_onezero;
      end
    end
    default : begin
      following_state <= st_none;
    end
    endcase
  end

endmodule
