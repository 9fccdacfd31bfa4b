// golden: counter
// style: names that classes of the SystemVerilog library have
module counter (input clk, input rst, input en, output [7:0] count);
  wire std = rst, mailbox = en;
  process process (.semaphore(clk), .std(std), .mailbox(mailbox), .randomize(count));
endmodule
module process (input semaphore, input std, input mailbox, output reg [7:0] randomize);
  always @(posedge semaphore)
    if (std) randomize <= 8'd0;
    else if (mailbox) randomize <= randomize + 8'd1;
endmodule
