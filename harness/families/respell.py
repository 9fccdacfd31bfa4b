"""The same design under other names: a spec and its RTL, every port, state and module name drawn afresh.

Training sees each example once an epoch. With other words and other names each time, what repeats is the
behaviour, and copying names from the text is practised instead of remembered.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from functools import partial
from random import Random
from typing import Any

from harness.families.comment import comment
from harness.families.spec import Spec

# Numbers come first, so that the d10 of 8'd10 is not taken for a name.
WORD = re.compile(r"\d*\s*'[sS]?[bodhBODH]\s*[0-9a-fA-FxXzZ_?]+|[A-Za-z_]\w*")
# Surface fields that spell a value or say what a port is for: they stay with the behaviour.
KEPT = ("radix", "in_roles", "out_roles")
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
TRIES = 60


def respell(spec: Spec, rtl: str, rng: Random) -> tuple[Spec, str]:
    """`spec` with the names of another sample of its category, and `rtl` renamed in step.

    Names that the RTL uses for itself are never taken over; the golden's comment is written anew. Where no sample
    fits (another number of states or of inputs each time), both come back as they are.
    """
    line = comment(spec)
    described = bool(line) and line in rtl
    own = set(WORD.findall(COMMENT.sub("", rtl)))
    for _ in range(TRIES):
        donor = type(spec).sample(spec.category, rng)
        names = _names(spec, donor)
        new = set(names.values())
        if names and len(new) == len(names) and not new & (own - names.keys()):
            twin = _renamed(spec, donor)
            renamed = WORD.sub(partial(_new_name, names), rtl)
            # A word of the comment may be spelled like a port, so the comment is not renamed but written again.
            return twin, COMMENT.sub(comment(twin), renamed, count=1) if described else renamed
    return spec, rtl


def _new_name(names: Mapping[str, str], word: re.Match[str]) -> str:
    return names.get(word[0], word[0])


def _names(spec: Spec, donor: Spec) -> dict[str, str]:
    """`spec`'s name -> `donor`'s name for every name in use; empty if the two do not fit each other."""
    names: dict[str, str] = {}
    for field in _named(spec):
        old, new = getattr(spec, field), getattr(donor, field)
        pairs = [(old, new)] if not isinstance(old, tuple) else list(zip(old, new, strict=False))
        if (isinstance(old, tuple) and len(old) != len(new)) or any(bool(a) != bool(b) for a, b in pairs):
            return {}
        names |= {a: b for a, b in pairs if a}
    if spec.reset is not None:
        if donor.reset is None or donor.reset.kind != spec.reset.kind:
            return {}
        names[spec.reset.name] = donor.reset.name
    return names


def _renamed(spec: Spec, donor: Spec) -> Spec:
    changes: dict[str, Any] = {field: getattr(donor, field) for field in _named(spec)}
    return dataclasses.replace(spec, reset=spec.reset and donor.reset, **changes)


def _named(spec: Spec) -> list[str]:
    return [f.name for f in dataclasses.fields(spec) if "surface" in f.metadata and f.name not in KEPT]
