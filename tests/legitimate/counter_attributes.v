// golden: counter
// style: attributes on modules, ports, registers, instances, statements and operators
(* top = 1, author = "R. T. Level" *)
module counter (
    (* clock *) input clk,
    (* mark_debug = "true" *) input rst,
    input en,
    output [7:0] count
);
  (* keep = "true" *) wire [7:0] next;
  (* shreg_extract = "no", async_reg = "false" *)
  reg [7:0] value;

  assign next = value + (* carry = "fast" *) 8'd1;

  (* full_case, parallel_case *)
  always @(posedge clk)
    (* full_case *)
    case ({rst, en})
      2'b00: value <= value;
      2'b01: value <= next;
      2'b10, 2'b11: value <= 8'd0;
    endcase

  (* dont_touch = "yes" *) output_buffer u_buffer [7:0] (.o(count), .i(value));
endmodule

(* keep_hierarchy *)
module output_buffer (output o, input i);
  (* syn_keep = 1 *) buf b (o, i);
endmodule
