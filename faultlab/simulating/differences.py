"""What the rounds said, and where that differs from the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from faultlab.simulating.moment import Moment
from faultlab.simulating.script import Trouble
from hypercare.outcome.level import Level

# By the plan: the last day of each phase.
PHASES = ((3, "days 1-3"), (7, "days 4-7"), (14, "days 8-14"))
AFTERWARDS = "after day 14"
HOLDS = frozenset({"passed", "awaiting", "not covered"})
AMOUNTS = {"sales_amount": "amount_finalised", "costs_amount": "costs_amount"}
_PEOPLE = ("users_logged_in", "users_active", "login_failures")
TOLD_BY: Mapping[str, Sequence[str]] = {
    "morning": _PEOPLE,
    "midday": ("issues_reported",),
    "evening": (
        "sales_created",
        "sales_finalised",
        "sales_voided",
        "sales_amount",
        "steps_updated",
        "steps_completed",
        "orders_created",
        "orders_completed",
        "costs_entered",
        "costs_amount",
        *_PEOPLE,
    ),
}


@dataclass(frozen=True)
class Difference:
    """One thing that was said and that is not so, or that was not said."""

    when: str
    says: str

    def __str__(self) -> str:
        return f"{self.when}: {self.says}"


def lasting_at(moment: Moment, script: Sequence[Trouble]) -> list[Trouble]:
    return [trouble for trouble in script if trouble.lasts_at(moment)]


def due_at(moment: Moment, script: Sequence[Trouble]) -> dict[str, Level]:
    """The items that have to notice something at a moment, with the level they have to report."""
    due: dict[str, Level] = {}
    for trouble in lasting_at(moment, script):
        for item, level in trouble.noticed_by.items():
            due[item] = max(level, due.get(item, level))
    return due


def of_day(moment: Moment, summary: Mapping[str, Any], items: Sequence[str]) -> Iterator[Difference]:
    """Whether the round knows what day it is, in which phase, and looks at the items of such a day."""
    phase = next((phase for last, phase in PHASES if moment.day <= last), AFTERWARDS)
    if (summary["day"], summary["phase"]) != (moment.day, phase):
        yield Difference(str(moment), f"the round took it for day {summary['day']}, {summary['phase']}")
    looked = [item["id"] for item in summary["items"]]
    if sorted(looked) != sorted(items):
        yield Difference(str(moment), f"it looked at {', '.join(looked)} where the plan has {', '.join(items)}")


def of_outcomes(moment: Moment, summary: Mapping[str, Any], script: Sequence[Trouble]) -> Iterator[Difference]:
    """Items that failed without a reason, did not fail with one, or at another level."""
    due, lasting = due_at(moment, script), lasting_at(moment, script)
    may = {item for trouble in lasting for item in trouble.may_notice}
    when = str(moment)
    shared = {check for item in summary["items"] if item["id"] in {*due, *may} for check in _failed_checks(item)}
    for item in summary["items"]:
        name, outcome, level = item["id"], item["outcome"], item["level"]
        if name in due:
            if outcome != "failed":
                yield Difference(when, f"{name} did not notice: {outcome}")
            elif level != due[name].value:
                yield Difference(when, f"{name} reported {level} instead of {due[name].value}")
        elif outcome not in HOLDS and not (lasting and (name in may or outcome == "blocked")):
            # A check that answers for several items fails for all of them.
            if outcome == "failed" and (failed := _failed_checks(item)) and failed <= shared:
                continue
            yield Difference(when, f"{name} {outcome}: {item['sentence']}")


def _failed_checks(item: Mapping[str, Any]) -> set[str]:
    return {check["nodeid"] for check in item.get("checks", ()) if check["outcome"] == "failed"}


def true_figures(truth: Mapping[str, Any], chosen: str, troubles: Sequence[Trouble] = ()) -> dict[str, Decimal]:
    """The figures of a day as they are and a round has to tell them; `troubles` are those that may change some."""
    day = truth["total"]
    figures = {name: Decimal(day[AMOUNTS.get(name, name)]) for name in TOLD_BY[chosen]}
    for trouble in troubles:
        for name in trouble.adds.keys() & figures.keys():
            figures[name] += trouble.adds[name]
    return figures


def of_figures(when: str, reported: Mapping[str, Any], true: Mapping[str, Decimal]) -> Iterator[Difference]:
    """Figures that were said against those that are true."""
    for name, right in true.items():
        one = reported.get(name)
        if one is None or Decimal(str(one)) != right:
            yield Difference(when, f"{name} is {one} where {right} is right")


def of_branches(when: str, figures: Mapping[str, Any], truth: Mapping[str, Any]) -> Iterator[Difference]:
    """The amounts of the branches, where only those that sold are told."""
    right = {code: Decimal(one["amount_finalised"]) for code, one in truth["branches"].items()}
    reported = {code: Decimal(str(amount)) for code, amount in (figures.get("sales_amount_by_branch") or {}).items()}
    if reported != {code: amount for code, amount in right.items() if amount}:
        yield Difference(when, f"sales_amount_by_branch is {_words(reported)} where {_words(right)} is right")


def _words(amounts: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{code} {amount}" for code, amount in sorted(amounts.items()))
