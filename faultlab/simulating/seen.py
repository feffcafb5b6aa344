"""What the rounds said, and where that differs from the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from faultlab.simulating.script import Moment, Trouble
from hypercare.outcome.level import Level

HOLDS = frozenset({"passed", "awaiting", "not covered"})
COUNTED = (
    "sales_created",
    "sales_finalised",
    "sales_voided",
    "steps_updated",
    "steps_completed",
    "orders_created",
    "orders_completed",
    "costs_entered",
    "users_logged_in",
    "users_active",
    "login_failures",
    "issues_reported",
)
AMOUNTS = {"sales_amount": "amount_finalised", "costs_amount": "costs_amount"}


@dataclass(frozen=True)
class Difference:
    """One thing that a round said and that is not so, or that it did not say."""

    moment: Moment
    says: str

    def __str__(self) -> str:
        return f"day {self.moment.day} {self.moment.at:%H:%M}: {self.says}"


def of_outcomes(moment: Moment, summary: Mapping[str, Any], script: Sequence[Trouble]) -> Iterator[Difference]:
    """Items that failed without a reason, did not fail with one, or at another level."""
    lasting = [trouble for trouble in script if trouble.lasts_at(moment)]
    due: dict[str, Level] = {}
    for trouble in lasting:
        for item, level in trouble.noticed_by.items():
            due[item] = max(level, due.get(item, level))
    may = {item for trouble in lasting for item in trouble.may_notice}
    for item in summary["items"]:
        name, outcome, level = item["id"], item["outcome"], item["level"]
        if name in due:
            if outcome != "failed":
                yield Difference(moment, f"{name} did not notice: {outcome}")
            elif level != due[name].value:
                yield Difference(moment, f"{name} reported {level} instead of {due[name].value}")
        elif outcome not in HOLDS and not (lasting and (name in may or outcome == "blocked")):
            yield Difference(moment, f"{name} {outcome}: {item['sentence']}")


def of_figures(moment: Moment, summary: Mapping[str, Any], truth: Mapping[str, Any]) -> Iterator[Difference]:
    """Figures of an evening round against those of the day as they truly are."""
    figures, day = summary["figures"], truth["total"]
    for name in COUNTED:
        if figures.get(name) != day[name]:
            yield Difference(moment, f"{name} is {figures.get(name)} where {day[name]} is right")
    for name, true in AMOUNTS.items():
        if Decimal(str(figures.get(name))) != Decimal(day[true]):
            yield Difference(moment, f"{name} is {figures.get(name)} where {day[true]} is right")
    amounts = {code: Decimal(one["amount_finalised"]) for code, one in truth["branches"].items()}
    shown = {code: Decimal(str(amount)) for code, amount in (figures.get("sales_amount_by_branch") or {}).items()}
    if shown != {code: amount for code, amount in amounts.items() if amount}:
        yield Difference(moment, f"sales_amount_by_branch is {shown} where {amounts} is right")
