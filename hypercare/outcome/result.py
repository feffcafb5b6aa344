"""What is recorded of one check when it has ended. Plain data: it travels between processes and into files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    taken in of each source, as `Intake.as_dict` gives it. `concerns` are the things that the records come down to, and
    `told_by` is the item that tells of the same cause more plainly.
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
    remedy: str = ""
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
    concerns: tuple[str, ...] = ()
    rank: int = 0
    told_by: str = ""

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
                "concerns": tuple(data.get("concerns", ())),
                "outcome": Outcome(data["outcome"]),
                "level": Level(data["level"]),
            }
        )


def finding_fields(finding: Finding, item_level: Level, redactor: Redactor) -> dict[str, Any]:
    """The part of a result that a finding fills, with secrets hidden and personal data masked.

    Where a check has several, the gravest leads and the sentences of the others follow it.
    """
    told = sorted((finding, *finding.besides), key=lambda one: _level_of(one, item_level), reverse=True)
    finding = told[0]
    sentence = " Besides: ".join(one.sentence for one in told)
    return {
        "sentence": redactor.text(sentence),
        "level": _level_of(finding, item_level),
        "count": finding.count,
        "of": finding.of,
        "money": None if finding.money is None else str(finding.money),
        "currency": finding.currency,
        "sample": tuple(_plain(redactor.row(row)) for row in finding.sample),
        "where": redactor.text(finding.where),
        "next_step": redactor.text(finding.next_step),
        "cause": finding.cause,
        "detail": redactor.text(finding.detail),
        "branches": tuple(map(redactor.text, _branches_of(told))),
        "concerns": finding.concerns,
        "rank": finding.rank,
        "people": people_of(finding.sample, finding.count) if finding.people is None else finding.people,
    }


def _level_of(finding: Finding, item_level: Level) -> Level:
    level = finding.level or item_level
    return min(level, finding.at_most or level)


def _branches_of(told: Sequence[Finding]) -> tuple[str, ...]:
    first, *more = (one.branches or branches_of(one.sample) for one in told)
    return tuple(dict.fromkeys((*first, *(branch for one in more for branch in one))))


def _plain(row: Mapping[str, object]) -> dict[str, Any]:
    return {
        str(column): value if value is None or isinstance(value, bool | int | float | str) else str(value)
        for column, value in row.items()
    }
