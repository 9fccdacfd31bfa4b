"""Tokens and dollars by category, and a budget that is kept even with many calls under way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from harness.a7.ledger import Entry, Ledger
from harness.a7.prices import Usage, price_of


@dataclass
class Account:
    """What one category has used."""

    replies: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0


@dataclass
class Spending:
    """All accounts. `unsettled` is the most that calls may have cost whose replies got lost on the way."""

    accounts: dict[str, Account] = field(default_factory=dict)
    unsettled: float = 0.0

    @classmethod
    def of(cls, ledger: Ledger) -> Spending:
        """What the stored replies have cost: a run that is resumed does not get a new budget."""
        spending = cls()
        for entry in ledger.entries():
            spending.add(entry)
        return spending

    def reread(self, ledger: Ledger) -> None:
        """Count what is stored once more: another run may have paid for replies meanwhile."""
        self.accounts = Spending.of(ledger).accounts

    def add(self, entry: Entry) -> float:
        """Book one reply; its price in dollars."""
        usage = Usage.of(entry.message)
        usd = usage.cost(price_of(entry.model), entry.batch)
        account = self.accounts.setdefault(entry.category, Account())
        account.replies += 1
        account.input_tokens += usage.input + usage.cache_write
        account.output_tokens += usage.output
        account.usd += usd
        return usd

    @property
    def usd(self) -> float:
        return sum(account.usd for account in self.accounts.values()) + self.unsettled

    def __str__(self) -> str:
        replies = sum(account.replies for account in self.accounts.values())
        lost = f", of which {self.unsettled:.2f} for lost replies at most" if self.unsettled else ""
        return f"{replies} replies, about ${self.usd:.2f}{lost}"


class Budget:
    """Holds the price of calls under way back, at its worst, until it is known. For one event loop."""

    def __init__(self, limit: float, spending: Spending) -> None:
        self.limit, self.spending = limit, spending
        self.held: list[float] = []
        self.changed = asyncio.Condition()

    async def reserve(self, worst: float) -> bool:
        """Whether a call that costs at most `worst` may be made; waits for others while that is open."""
        async with self.changed:
            while self.spending.usd + sum(self.held) + worst > self.limit:
                if not self.held or self.spending.usd + worst > self.limit:
                    return False
                await self.changed.wait()
            self.held.append(worst)
            return True

    async def release(self, worst: float) -> None:
        """The call is over, and what it cost is in `spending`."""
        async with self.changed:
            self.held.remove(worst)
            self.changed.notify_all()
