// golden: counter
// style: labels at the ends of modules, blocks, functions and generate blocks
module counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [7:0] count
);
  function automatic logic [7:0] successor(input logic [7:0] value);
    begin : body
      successor = value + 8'd1;
    end : body
  endfunction : successor

  if (1) begin : g_register
    always_ff @(posedge clk) begin : register
      if (rst) begin : clear
        count <= '0;
      end : clear
      else if (en) begin : step
        count <= successor(count);
      end : step
    end : register
  end : g_register
endmodule : counter
