"""What is recorded of one check when it has ended. Plain data: it travels between processes and into files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.reach import branches_of, people_of
from hypercare.outcome.redaction import Redactor


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """`level` is the level that a failure has; `started` and `ended` are real instants in ISO 8601.

    `money` is a decimal as text. `blocked_by` names the way that is down, `address` where it should have been.
    `branches` are those concerned, `people` how many are at least, where that is known. `looked_at` says how much was
    taken in of each source, as `Intake.as_dict` gives it.
    """

    nodeid: str
    items: tuple[str, ...]
    outcome: Outcome
    level: Level
    sentence: str = ""
    count: int | None = None
    of: int | None = None
    money: str | None = None
    currency: str = ""
    sample: tuple[Mapping[str, Any], ...] = ()
    where: str = ""
    next_step: str = ""
    cause: str = ""
    detail: str = ""
    mend: str = ""
    blocked_by: str | None = None
    address: str = ""
    attempts: int = 1
    started: str = ""
    ended: str = ""
    duration_s: float = 0.0
    figures: Mapping[str, Any] = field(default_factory=dict)
    branches: tuple[str, ...] = ()
    people: int | None = None
    looked_at: tuple[Mapping[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Built-in types only, so that it can be written as JSON and sent to another process."""
        return {**asdict(self), "outcome": self.outcome.value, "level": self.level.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CheckResult:
        return cls(
            **{
                **data,
                "items": tuple(data["items"]),
                "sample": tuple(data["sample"]),
                "branches": tuple(data.get("branches", ())),
                "looked_at": tuple(data.get("looked_at", ())),
                "outcome": Outcome(data["outcome"]),
                "level": Level(data["level"]),
            }
        )


def finding_fields(finding: Finding, item_level: Level, redactor: Redactor) -> dict[str, Any]:
    """The part of a result that a finding fills, with secrets hidden and personal data masked."""
    return {
        "sentence": redactor.text(finding.sentence),
        "level": finding.level or item_level,
        "count": finding.count,
        "of": finding.of,
        "money": None if finding.money is None else str(finding.money),
        "currency": finding.currency,
        "sample": tuple(_plain(redactor.row(row)) for row in finding.sample),
        "where": redactor.text(finding.where),
        "next_step": redactor.text(finding.next_step),
        "cause": finding.cause,
        "detail": redactor.text(finding.detail),
        "branches": tuple(map(redactor.text, finding.branches or branches_of(finding.sample))),
        "people": people_of(finding.sample, finding.count) if finding.people is None else finding.people,
    }


def _plain(row: Mapping[str, object]) -> dict[str, Any]:
    return {
        str(column): value if value is None or isinstance(value, bool | int | float | str) else str(value)
        for column, value in row.items()
    }
