// golden: detector
// style: three processes: state register, next state, output
module detector (clk, rst_n, din, found);
    input      clk, rst_n, din;
    output reg found;

    parameter [2:0] S_IDLE = 3'b000,
                    S_1    = 3'b001,
                    S_10   = 3'b010,
                    S_101  = 3'b011,
                    S_1011 = 3'b100;

    reg [2:0] current_state, next_state;

    // state register
    always @(posedge clk or negedge rst_n) begin
        if (~rst_n)
            current_state <= S_IDLE;
        else
            current_state <= next_state;
    end

    // next state
    always @(current_state or din) begin
        next_state = S_IDLE;
        case (current_state)
            S_IDLE: if (din) next_state = S_1; else next_state = S_IDLE;
            S_1:    if (din) next_state = S_1; else next_state = S_10;
            S_10:   if (din) next_state = S_101; else next_state = S_IDLE;
            S_101:  if (din) next_state = S_1011; else next_state = S_10;
            S_1011: if (din) next_state = S_1; else next_state = S_10;
            default: next_state = S_IDLE;
        endcase
    end

    // output
    always @(current_state) begin
        case (current_state)
            S_1011:  found = 1'b1;
            default: found = 1'b0;
        endcase
    end
endmodule
