"""How much a difference of money matters, beside what this business turns over in one record."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from hypercare.outcome.currency import digits_of, money_in_words


class MinorLimits(Protocol):
    """What is minor: see [limits] of the target file."""

    @property
    def minor_of_a_record(self) -> float: ...
    @property
    def minor_amount(self) -> Decimal | None: ...
    @property
    def minor_in_all(self) -> Decimal | None: ...
    @property
    def minor_share(self) -> float: ...
    @property
    def minor_days(self) -> int: ...


@dataclass(frozen=True)
class Stake:
    """What is at stake: in all and in the worst record, in how many of how many, on how many days; `typical` is what a
    record of this business usually comes to."""

    in_all: Decimal
    worst: Decimal
    wrong: int
    of: int
    days: int
    typical: Decimal


def minor_in_words(stake: Stake, limits: MinorLimits, currency: str) -> str:
    """Why a difference can wait for the day's work; empty when it cannot."""
    amount = limits.minor_amount
    if amount is None:
        amount = stake.typical * Decimal(str(limits.minor_of_a_record))
    in_all = stake.typical if limits.minor_in_all is None else limits.minor_in_all
    few = stake.wrong <= max(1, limits.minor_share * stake.of)
    if not few or stake.days >= limits.minor_days or stake.worst >= amount or stake.in_all >= in_all:
        return ""
    smallest = Decimal(1).scaleb(-digits_of(currency))
    limit, total = (money_in_words(one.quantize(smallest), currency) for one in (amount, in_all))
    return f"That is minor: below {limit} in one record and {total} in all, so nothing has to stop for it."
