"""From a spec to its English: each fact said by a voice, the parts put in an order, seeded and reproducible.

Half of the training texts are in one voice throughout; the others draw a voice for each kind of fact, which
multiplies the surface forms: the model has to read, not to recognise a template. Within one text a fact key
is always said the same way, so that the rows of a state table look alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Literal

from harness.families.spec import Condition, Fact, Number, Port, Slot, Spec
from harness.wording.grammar import Settled, choose, fill
from harness.wording.voice import Voice, voices

Split = Literal["training", "held-out"]
PURE_SHARE = 0.5
# "a 8-bit" is spelled "an 8-bit".
ARTICLE = re.compile(r"\b([Aa]) (?=8|1[18](?!\d)|eight|eleven)")
EMPTY = ("", "-", "*")  # a line that is left with nothing but this held an absent part, and is dropped
WORDS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty"]


def text(spec: Spec, rng: Random, split: Split = "training") -> str:
    """One English text for `spec` in the voices of `split`."""
    return Speaker(spec, rng, voices(split)).text()


def words(number: int) -> str:
    """A count in words up to 69, digits beyond."""
    if number < 20:
        return WORDS[number]
    if number >= 70:
        return str(number)
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{WORDS[ones]}" if ones else "")


class Speaker:
    """Says one spec once: remembers, per fact key, the template it has settled on."""

    def __init__(self, spec: Spec, rng: Random, choir: Sequence[Voice]) -> None:
        if not choir:
            raise ValueError("no voice to speak with: harness/wording/voices/ holds none of this split")
        self.spec, self.rng, self.choir = spec, rng, choir
        self.lead = rng.choice(choir)
        self.pure = rng.random() < PURE_SHARE
        self.settled: dict[str, Settled] = {}

    def text(self) -> str:
        spec = self.spec
        parts = {
            "opening": self.say("opening", {"name": spec.name, "kind": self.fact(spec.kind)}),
            "interface": self.interface(),
            "behaviour": self.word("separator.behaviour").join(self.fact(fact) for fact in spec.facts()),
            "reset": self.reset(),
        }
        lines = (re.sub(" {2,}", " ", line).strip() for line in self.say("order", parts).splitlines())
        return ARTICLE.sub(r"\1n ", "\n".join(line for line in lines if line not in EMPTY))

    def interface(self) -> str:
        separator = self.word("separator.ports")

        def items(ports: Sequence[Port], prefix: str | None) -> str:
            return separator.join(self.port(prefix or port.direction, port) for port in ports)

        ports = self.spec.ports
        return self.say(
            "interface",
            {
                "ports": items(ports, None),
                "inputs": items([p for p in ports if p.direction == "input"], "bare"),
                "outputs": items([p for p in ports if p.direction == "output"], "bare"),
                "narrative": " ".join(self.role(port) for port in ports),
            },
        )

    def port(self, prefix: str, port: Port) -> str:
        slots: dict[str, Slot] = {"name": port.name}
        if port.width == 1:
            return self.fact(Fact(f"{prefix}.scalar", slots))
        return self.fact(Fact(f"{prefix}.vector", {**slots, "width": port.width, "msb": port.width - 1}))

    def role(self, port: Port) -> str:
        if port.role in ("clock", "reset"):
            return self.fact(Fact(f"role.{port.role}", {"name": port.name}))
        shape = "scalar" if port.width == 1 else "vector"
        slots: dict[str, Slot] = {"name": port.name, "purpose": port.role}
        if port.width > 1:
            slots |= {"width": port.width, "msb": port.width - 1}
        return self.fact(Fact(f"role.{port.direction.removesuffix('put')}.{shape}", slots))

    def reset(self) -> str:
        spec = self.spec
        if spec.reset is None or spec.effect is None:
            return ""
        slots: dict[str, Slot] = {
            "rst": spec.reset.name,
            "clk": spec.clock or "",
            "effect": self.fact(spec.effect),
        }
        return self.fact(Fact(f"reset.{spec.reset.kind}", slots))

    def fact(self, fact: Fact) -> str:
        """Say one fact, its conditions, numbers and rows included."""
        values: dict[str, str] = {}
        for name, value in fact.slots.items():
            values[name] = self.value(value)
            if isinstance(value, int):
                values[f"{name}_words"] = words(value)
        if fact.rows:
            values["rows"] = self.word("separator.rows").join(self.fact(row) for row in fact.rows)
        return self.say(fact.key, values)

    def value(self, value: Slot) -> str:
        if isinstance(value, Condition):
            return self.say(f"when.{value.kind}", {"a": value.a, "b": value.b})
        if isinstance(value, Number):
            return self.say(f"number.{value.radix}", {"digits": value.digits, "literal": value.verilog})
        if isinstance(value, tuple):
            *most, last = value
            return (
                self.word("separator.states").join(most) + (self.word("last.states") if most else "") + last
            )
        return str(value)

    def say(self, key: str, values: dict[str, str]) -> str:
        return fill(self.template(key), values)

    def word(self, key: str) -> str:
        return self.say(key, {})

    def template(self, key: str) -> Settled:
        if key not in self.settled:
            voice = self.lead if self.pure or key == "order" else self.rng.choice(self.choir)
            self.settled[key] = choose(self.rng.choice(voice.say[key]), self.rng)
        return self.settled[key]
