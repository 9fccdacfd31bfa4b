// golden: mixer
// style: functions that call functions
module mixer (input [7:0] a, input [7:0] b, input sel, output [7:0] y);
  function [7:0] add(input [7:0] l, r);
    add = l + r;
  endfunction
  function [7:0] toggle;
    input [7:0] l, r;
    toggle = (l | r) & ~(l & r);
  endfunction
  function [7:0] mix(input which, input [7:0] l, input [7:0] r);
    begin
      if (which) mix = add(l, r);
      else mix = toggle(l, r);
    end
  endfunction
  assign y = mix(sel, a, b);
endmodule
