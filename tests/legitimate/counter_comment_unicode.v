// golden: counter
// style: comments in other languages and with symbols outside ASCII
// Zähler mit synchronem Rücksetzen — größer wird er nur, wenn »en« anliegt
// 计数器:每个时钟周期加一(使能有效时)
// カウンタ  счётчик  μ = 1 µs, 25 °C, ±1 LSB, ≤ 255, → wraps, "smart quotes" “ ” ‘ ’ … €
module counter (
    input            clk,   // Takt, 40 ns ≙ 25 MHz
    input            rst,   // 复位
    input            en,    // ✔ enable 🚦
    output reg [7:0] count  // Σ
);
  /* ┌────────┐
     │ +1 mod │ 2⁸
     └────────┘ */
  always @(posedge clk)
    if (rst) count <= 8'd0;
    else if (en) count <= count + 8'd1;
endmodule
