// golden: counter
// tries: is a class
class counter;
  int count;
endclass
