"""V4's template testbenches, kept as weak as they were.

For simple designs a dozen cycles of ordinary inputs find most faults. For a state machine a template does not
know the transitions: it can only see that reset works and that outputs stay known, so wrong machines pass.
That weakness is the point: it let faulty FSMs into V4's training data, and V4's FSM score fell from V3's 60 %
to 20 %. Do not improve it.
"""

from __future__ import annotations

from random import Random

from harness.families.naming import local
from harness.families.spec import Port, Reference, Spec
from harness.testbench.vectors import Script, declarations, instance, render

CYCLES = 12
FSM_CYCLES = 20


def template_testbench(spec: Spec) -> str:
    """The template testbench of a spec's category; prints TEST PASSED or TEST FAILED as its last line."""
    return _state_machine(spec) if spec.category.startswith("fsm_") else _directed(spec)


def _directed(spec: Spec) -> str:
    """Reset, then a dozen cycles of plausible inputs with expected outputs, then reset again."""
    rng = Random(f"template:{spec.category}:{spec.parameters}")
    script = Script(spec)
    script.reset(2)
    for number in range(CYCLES):
        script.cycle({p.name: _ordinary(p, number, rng) for p in script.data})
    script.reset()
    return render(spec, script.vectors, f"Template for {spec.category}")


def _ordinary(port: Port, number: int, rng: Random) -> int:
    """What somebody would try by hand: patterns on buses, enables mostly on, loads now and then."""
    role = port.role
    if port.width > 1:
        tried = 0xA5A5_A5A5_A5A5_A5A5 if number % 4 == 3 else rng.getrandbits(port.width)
        return tried % (1 << port.width)
    if "load" in role or "set" in role or "clear" in role:
        return int((number in (1, 7)) != ("active-low" in role))
    if "enable" in role:
        return int((number % 5 != 4) != ("active-low" in role))
    return rng.getrandbits(1)


def _state_machine(spec: Spec) -> str:
    """Reset gives the reset outputs; then the outputs stay known for 20 cycles of changing inputs."""
    assert spec.clock is not None
    assert spec.reset is not None
    script = Script(spec)
    outputs = [p for p in spec.ports if p.direction == "output"]
    after_reset = Reference(spec).apply(script.inputs | script.resetting(True))
    taken = {spec.name, *(p.name for p in spec.ports)}
    bench, dut, n, errors = (local(name, taken) for name in ("testbench", "dut", "n", "errors"))
    (reset, active), *_ = script.resetting(True).items()
    data = f"{{{', '.join(p.name for p in script.data)}}}" if script.data else ""
    got = f"{{{', '.join(p.name for p in outputs)}}}"
    want = ", ".join(f"{p.width}'d{after_reset[p.name]}" for p in outputs)
    return f"""// Template for {spec.category}: reset, then outputs are known while the inputs change.
module {bench};
{declarations(spec)}
  integer {n}, {errors};

  {instance(spec, dut)}

  initial {spec.clock} = 0;
  always #5 {spec.clock} = ~{spec.clock};

  initial begin
    {errors} = 0;
    {reset} = {active};
    {f"{data} = 0;" if data else ""}
    repeat (2) @(posedge {spec.clock});
    #1 if ({got} !== {{{want}}}) {errors} = {errors} + 1;
    @(negedge {spec.clock}) {reset} = {1 - active};
    for ({n} = 0; {n} < {FSM_CYCLES}; {n} = {n} + 1) begin
      @(negedge {spec.clock}) {f"{data} = {n}" if data else ""};
      @(posedge {spec.clock});
      #1 if (^{got} === 1'bx) {errors} = {errors} + 1;
    end
    if ({errors} == 0) $display("TEST PASSED");
    else $display("TEST FAILED");
    $finish(0);
  end
endmodule
"""
