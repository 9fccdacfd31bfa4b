// golden: counter
// tries: asks for a package of the asked name
package counter;
  int count;
endpackage
