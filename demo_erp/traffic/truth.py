"""The figures of every day as they truly are, counted from what was planned and never read back from the database.

For each branch and in all (the training room is not counted): sales created that day and still there; finalised and
not void; voided; drafts open at the end of what is known; the amount of the finalised ones and how they were paid;
studio sales among them; orders created, cancelled, completed; steps touched (each counted once) and completed; costs
entered; people signed in and people who did something besides; wrong passwords; issues reported. "total" also has
the owner and the administrator, who belong to no branch.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from demo_erp.traffic.branches import TRADING, BranchProfile
from demo_erp.traffic.catalogue import money
from demo_erp.traffic.events import Event, PlannedCost, PlannedIssue, PlannedSale, PlannedVisit, StepChange
from demo_erp.traffic.presence import SILENT

_AROUND_WORK = frozenset({"login", "logout"}) | SILENT
_METHODS = ("cash", "card", "transfer")


@dataclass(slots=True)
class Figures:
    """What is counted of one branch, or of all, on one day."""

    counts: Counter[str] = field(default_factory=Counter)
    cents: Counter[str] = field(default_factory=Counter)
    steps: set[tuple[str, int]] = field(default_factory=set)
    signed_in: set[str] = field(default_factory=set)
    active: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        counts = self.counts
        return {
            "sales_created": counts["created"] - counts["deleted"],
            "sales_finalised": counts["finalised"],
            "sales_voided": counts["voided"],
            "drafts_deleted": counts["deleted"],
            "drafts_open_at_end": counts["open"],
            "amount_finalised": str(money(self.cents["finalised"])),
            "by_method": {method: str(money(self.cents[method])) for method in _METHODS},
            "studio_sales": counts["studio"],
            "orders_created": counts["orders"],
            "orders_cancelled": counts["cancelled"],
            "orders_completed": counts["orders_completed"],
            "steps_updated": len(self.steps),
            "steps_completed": counts["steps_completed"],
            "costs_entered": counts["costs"],
            "costs_amount": str(money(self.cents["costs"])),
            "users_logged_in": len(self.signed_in),
            "users_active": len(self.active),
            "login_failures": counts["login_failures"],
            "issues_reported": counts["issues"],
        }


class DayTruth:
    """The figures of one day, counted event by event."""

    def __init__(self, day: date, number: int) -> None:
        self.day = day
        self.number = number
        self.total = Figures()
        self.branches = {branch.code: Figures() for branch in TRADING}

    def add(self, event: Event) -> None:
        """Count one event; only those that have happened are given."""
        branch = _branch_of(event)
        if branch is None or not branch.training:
            for figures in self._of(branch):
                _count(figures, event)
        if event.actor is not None and not event.actor.in_training and event.kind not in _AROUND_WORK:
            for figures in self._of(event.actor.branch):
                figures.active.add(event.actor.username)

    def _of(self, branch: BranchProfile | None) -> list[Figures]:
        """All in all, and the branch if there is one."""
        return [self.total, self.branches[branch.code]] if branch is not None else [self.total]

    def as_json(self, as_of: datetime | None = None) -> dict[str, Any]:
        """`as_of` says that the day is not over, and how far it is known."""
        found: dict[str, Any] = {
            "day": self.number,
            "branches": {code: figures.as_json() for code, figures in self.branches.items()},
            "total": self.total.as_json(),
        }
        if as_of is not None:
            found["as_of"] = as_of.isoformat()
        return found


def _branch_of(event: Event) -> BranchProfile | None:
    """The branch that an event counts for: the sale's, else the person's own."""
    subject = event.subject
    if isinstance(subject, PlannedSale):
        return subject.branch
    if isinstance(subject, StepChange | PlannedCost):
        return subject.sale.branch
    if isinstance(subject, PlannedIssue):
        return subject.reporter.branch
    if isinstance(subject, PlannedVisit):
        return subject.person.branch
    return event.actor.branch if event.actor else None


def _count(figures: Figures, event: Event) -> None:
    counts, subject = figures.counts, event.subject
    if isinstance(subject, PlannedSale):
        _count_sale(figures, event.kind, subject)
    elif isinstance(subject, StepChange):
        figures.steps.add((subject.sale.reference, subject.sequence))
        if event.kind == "step.finish":
            counts["steps_completed"] += 1
            counts["orders_completed"] += subject.last
    elif isinstance(subject, PlannedCost):
        counts["costs"] += 1
        figures.cents["costs"] += subject.cents
    elif event.kind == "login":
        figures.signed_in.add(subject.person.username)
    elif event.kind == "login.wrong":
        counts["login_failures"] += 1
    elif event.kind == "issue.report":
        counts["issues"] += 1


def _count_sale(figures: Figures, kind: str, sale: PlannedSale) -> None:
    counts = figures.counts
    if kind == "sale.create":
        counts["created"] += 1
        counts["open"] += 1
    elif kind == "sale.delete":
        counts["deleted"] += 1
        counts["open"] -= 1
    elif kind == "sale.finalise":
        counts["open"] -= 1
        counts["orders"] += sale.kind == "studio"
        _count_standing(figures, sale, 1)
    elif kind == "sale.void":
        counts["voided"] += 1
        counts["cancelled"] += sale.kind == "studio"
        _count_standing(figures, sale, -1)


def _count_standing(figures: Figures, sale: PlannedSale, sign: int) -> None:
    figures.counts["finalised"] += sign
    figures.counts["studio"] += sign * (sale.kind == "studio")
    figures.cents["finalised"] += sign * sale.cents
    for method, cents in sale.payments:
        figures.cents[method] += sign * cents


def read_days(path: Path, seed: int, go_live: date) -> dict[str, Any]:
    """The days of a truth file that are over; none if it is missing, damaged or about another business."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["seed"] != seed or found["go_live"] != go_live.isoformat():
            return {}
        return {day: figures for day, figures in found["days"].items() if "as_of" not in figures}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_days(path: Path, seed: int, go_live: date, days: dict[str, Any]) -> None:
    """Replace the truth file in one step."""
    text = json.dumps({"seed": seed, "go_live": go_live.isoformat(), "days": days}, indent=1)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
