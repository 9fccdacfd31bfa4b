// golden: counter
// tries: asks for the size of types that double each time
typedef struct {byte a;} t0;
typedef struct {t0 a; t0 b;} t1;
typedef struct {t1 a; t1 b;} t2;
typedef struct {t2 a; t2 b;} t3;
typedef struct {t3 a; t3 b;} t4;
typedef struct {t4 a; t4 b;} t5;
typedef struct {t5 a; t5 b;} t6;
typedef struct {t6 a; t6 b;} t7;
typedef struct {t7 a; t7 b;} t8;
typedef struct {t8 a; t8 b;} t9;
typedef struct {t9 a; t9 b;} t10;
typedef struct {t10 a; t10 b;} t11;
typedef struct {t11 a; t11 b;} t12;
typedef struct {t12 a; t12 b;} t13;
typedef struct {t13 a; t13 b;} t14;
typedef struct {t14 a; t14 b;} t15;
typedef struct {t15 a; t15 b;} t16;
typedef struct {t16 a; t16 b;} t17;
typedef struct {t17 a; t17 b;} t18;
typedef struct {t18 a; t18 b;} t19;
typedef struct {t19 a; t19 b;} t20;
typedef struct {t20 a; t20 b;} t21;
typedef struct {t21 a; t21 b;} t22;
typedef struct {t22 a; t22 b;} t23;
typedef struct {t23 a; t23 b;} t24;
typedef struct {t24 a; t24 b;} t25;
typedef struct {t25 a; t25 b;} t26;
typedef struct {t26 a; t26 b;} t27;
module counter
  (input clk, input rst, input en, output reg [7+(($bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27)+$bits(t27))&0):0] count);
  always @(posedge clk) count <= 8'd0;
endmodule
