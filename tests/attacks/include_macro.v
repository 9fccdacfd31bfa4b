// golden: counter
// tries: includes a file whose name is a macro
`define GOLDEN "../goldens/counter.v"
`include `GOLDEN
