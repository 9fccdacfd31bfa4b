// golden: counter
// tries: is empty
