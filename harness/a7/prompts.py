"""What the writer is asked: one shared part that the API can cache, one short part for each design."""

from __future__ import annotations

from random import Random
from typing import Any

from harness.a7.ledger import Message, Request
from harness.a7.replies import text_of
from harness.a7.settings import ApiSettings
from harness.families.naming import header
from harness.families.spec import Spec
from harness.wording.compose import text

EXAMPLE_SPEC = """\
Design a module named door with a clock clk and a synchronous, active-high reset rst. The door is closed after \
reset. On a rising edge a closed door opens if knock is 1 and locked is 0; an open door closes if push is 1. \
Output is_open is 1 while the door is open. Output alarm is 1 whenever the door is closed and knock and locked \
are both 1."""

EXAMPLE_HEADER = """\
module door(input clk, input rst, input knock, input locked, input push, output is_open, output alarm);"""

EXAMPLE_TESTBENCH = """\
`timescale 1ns/1ns
module testbench;
  reg clk = 0, rst = 0, knock = 0, locked = 0, push = 0;
  wire is_open, alarm;
  reg model_open;
  integer errors = 0, i, from;

  door dut(.clk(clk), .rst(rst), .knock(knock), .locked(locked), .push(push),
           .is_open(is_open), .alarm(alarm));

  task check;
    begin
      if (is_open !== model_open) errors = errors + 1;
      if (alarm !== (!model_open && knock && locked)) errors = errors + 1;
    end
  endtask

  // Inputs change while the clock is low; outputs are checked before and after the rising edge.
  task cycle(input r, input k, input l, input p);
    begin
      clk = 0; rst = r; knock = k; locked = l; push = p;
      #5 check;
      if (r) model_open = 0;
      else if (!model_open) model_open = k && !l;
      else model_open = !p;
      clk = 1;
      #5 check;
    end
  endtask

  initial begin
    rst = 1; #5 clk = 1; #5 model_open = 0; check;      // nothing is known before the first reset
    for (from = 0; from < 2; from = from + 1)           // every input in every state, held and repeated
      for (i = 0; i < 16; i = i + 1) begin
        cycle(1, 0, 0, 0);
        if (from) cycle(0, 1, 0, 0);
        cycle(i[3], i[2], i[1], i[0]);
        cycle(i[3], i[2], i[1], i[0]);
      end
    for (i = 0; i < 400; i = i + 1)                     // rapid changes, resets at any time
      cycle(($random & 15) == 0, $random, $random, $random);
    if (errors == 0) $display("TEST PASSED");
    else $display("TEST FAILED");
    $finish;
  end
endmodule"""

REQUIREMENTS = (
    """\
Every transition from every state, the ones that stay where they are included, not only the usual path.""",
    """\
Transitions that the specification does not allow: show that they do not happen, by checking after each step \
that the design is in the state in which the specification puts it. States can only be told apart by outputs, so \
go on with inputs that make a wrong state show.""",
    """\
Reset while the design is busy: from every state, and in the middle of a sequence. Test the polarity, and \
whether reset waits for the clock edge or acts at once, as specified.""",
    """\
Inputs that change in every cycle, and several inputs that change together.""",
    """\
Every output in every state, compared in every cycle. Outputs that depend on inputs are checked for each input \
value, before the clock edge as well as after it.""",
    """\
Corner cases: inputs held for many cycles, transitions back to back, sequences that overlap or almost match, \
the largest and smallest values.""",
    """\
The result in one clear line: print TEST PASSED if nothing was wrong and TEST FAILED otherwise.""",
    """\
That line is the last one printed, and the only one.""",
)
"""The plan's eight, in its order."""
RELAXED = (2, 4, 6)
"""Those that the plan's risk 2 gives up: illegal transitions, rapidly changing inputs, corner cases."""

OPENING = """\
You verify digital hardware. From a specification you write a testbench in Verilog that any correct design passes \
and every wrong design fails. It will be run with Icarus Verilog (-g2012) against designs that you cannot see, most \
of them subtly wrong.

What it must cover:
"""

CONTRACT = f"""\
The contract:
- Reply with one fenced code block that holds the whole testbench, and nothing that has to be filled in.
- Instantiate the design by the module name and port names of the given header. Do not define that module: it is \
compiled together with the testbench.
- Keep your own model of the specified behaviour in the testbench, count the differences, and decide at the end. \
Compare with !== so that unknown values count as wrong. Check nothing that the specification leaves open, such as \
outputs before the first reset.
- Change inputs while the clock is low, and never at the moment of its rising edge.
- Print nothing but the verdict. Open no files, dump no waveforms, include nothing, use no $stop, $error or $fatal.
- End with $finish in every case, after at most 100,000 clock cycles; every loop and wait is bounded.
- Have no inputs or outputs on the testbench's own module. Prefer loops and tasks to long lists.

An example. The specification:

{EXAMPLE_SPEC}

The header:

{EXAMPLE_HEADER}

The reply:

```verilog
{EXAMPLE_TESTBENCH}
```
"""


def shared(relaxed: bool) -> str:
    """The part that all requests have in common, with the requirements that are in force."""
    chosen = [r for number, r in enumerate(REQUIREMENTS, 1) if not relaxed or number not in RELAXED]
    numbered = "".join(f"{number}. {requirement}\n" for number, requirement in enumerate(chosen, 1))
    return f"{OPENING}{numbered}\n{CONTRACT}"


REPAIR = """\
That testbench cannot be used:

{complaint}

Send the whole testbench again with this put right, in one fenced code block, keeping to the contract."""


def first_request(spec: Spec, rtl: str, settings: ApiSettings, relaxed: bool = False) -> Request:
    """Ask for a testbench for `spec`. The RTL under test is shown only where the settings say so."""
    said = text(spec, Random(f"a7:{spec!r}"))
    asked = f"The specification:\n\n{said}\n\nThe header:\n\n{header(spec.name, spec.ports)}"
    if settings.with_rtl:
        asked += f"\nThe design under test, which may be wrong:\n\n```verilog\n{rtl.strip()}\n```\n"
    return request(shared(relaxed), asked, spec.category, settings)


def request(system: str, asked: str, category: str, settings: ApiSettings) -> Request:
    """One question; `system` is what all questions of its kind have in common."""
    params: dict[str, Any] = {
        "model": settings.model,
        "max_tokens": settings.max_tokens,
        "system": [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": asked}],
    }
    if settings.effort != "none":
        params["output_config"] = {"effort": settings.effort}
    return Request(params, category)


def repair_request(before: Request, reply: Message, complaint: str) -> Request:
    """The same conversation with the complaint as its next turn; the writer's thinking is not sent back."""
    said = text_of(reply).strip()
    turns = [
        *before.params["messages"],
        # A reply that was cut while the model was still thinking has no text, and an empty turn is no turn.
        {"role": "assistant", "content": said or "(no reply)"},
        {"role": "user", "content": REPAIR.format(complaint=complaint)},
    ]
    return Request({**before.params, "messages": turns}, before.category)
