// golden: wide
// style: the design instantiates itself with other parameters
module wide #(parameter W = 200, parameter TREE = 0)
  (input clk, input load, input [W-1:0] d, output reg [W-1:0] q, output parity);
  generate
    if (!TREE) begin : register
      always @(posedge clk) q <= load ? d : {q[W-2:0], q[W-1]};
      wide #(.W(W), .TREE(1)) u_tree (.clk(1'b0), .load(1'b0), .d(q), .q(), .parity(parity));
    end else if (W == 1) begin : leaf
      assign parity = d[0];
    end else begin : node
      wire low, high;
      wide #(W / 2, 1) u_low (clk, load, d[W/2-1:0], , low);
      wide #(W - W / 2, 1) u_high (clk, load, d[W-1:W/2], , high);
      assign parity = low ^ high;
    end
  endgenerate
endmodule
