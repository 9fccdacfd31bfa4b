// golden: counter
// style: waveform dump kept behind an ifdef that nobody sets
module counter (
    input  wire       clk,
    input  wire       rst,
    input  wire       en,
    output reg  [7:0] count
);
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;

`ifdef COCOTB_SIM
  initial begin
    $dumpfile("counter.vcd");
    $dumpvars(0, counter);
    #1;
  end
`endif
endmodule
