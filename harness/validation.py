"""What pydantic found wrong, in the few words that a message has room for."""

from __future__ import annotations

from pydantic import ValidationError


def first_fault(error: ValidationError, whole: str = "the line") -> str:
    """The first field at fault and the rule it broke; `whole` names what was read where no field is to blame."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or whole}: {first['msg']}"
