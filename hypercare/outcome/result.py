"""What is recorded of one check when it has ended. Plain data: it travels between processes and into files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from hypercare.outcome.finding import Finding
from hypercare.outcome.grammar import agreeing
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.reach import branches_of, people_of
from hypercare.outcome.redaction import Redactor
from hypercare.safe_text import LONGEST_DETAIL, LONGEST_SENTENCE, cut


@dataclass(frozen=True, kw_only=True)
class CheckResult(Finding):
    """The finding of a check, if any, and how it came to it.

    `level` is the level that a failure has; `sentence` says of every other outcome why. `started` and `ended` are real
    instants in ISO 8601; `tries` has outcome, sentence, start and end of each look, where it was looked at twice.
    `blocked_by` names the way that is down, `address` where it should have been. `looked_at` says how much was taken in
    of each source, as `Intake.as_dict` gives it. `told_by` is the item that tells of the same cause more plainly.
    `doors` are those between branches that it tried, as `DoorTried.as_dict` gives them. `database_load` is what its
    questions cost, as `DatabaseLoad.as_dict` gives it; `excepted` what was passed over as agreed, as
    `PassedOver.as_dicts` gives it; `series` how figures went along hours or stages, each as JSON has it.
    """

    nodeid: str
    items: tuple[str, ...]
    outcome: Outcome
    level: Level
    sentence: str = ""
    remedy: str = ""
    blocked_by: str | None = None
    address: str = ""
    attempts: int = 1
    tries: tuple[Mapping[str, Any], ...] = ()
    started: str = ""
    ended: str = ""
    duration_s: float = 0.0
    figures: Mapping[str, Any] = field(default_factory=dict)
    series: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    looked_at: tuple[Mapping[str, Any], ...] = ()
    told_by: str = ""
    doors: tuple[Mapping[str, Any], ...] = ()
    database_load: Mapping[str, Any] = field(default_factory=dict)
    excepted: tuple[Mapping[str, Any], ...] = ()

    def __post_init__(self) -> None:
        """What is longer than anybody reads is cut here, before it reaches a file, a page or a message."""
        super().__post_init__()
        texts = {name: getattr(self, name) for name in _SENTENCES}
        changed: dict[str, Any] = {name: cut(text, LONGEST_SENTENCE) for name, text in texts.items()}
        changed |= {"detail": cut(self.detail, LONGEST_DETAIL), "address": cut(self.address)}
        changed |= {name: tuple(map(_cut_row, getattr(self, name))) for name in ("sample", "more")}
        changed |= {"branches": tuple(map(cut, self.branches))}
        changed["figures"] = _cut_row(self.figures)
        for name, value in changed.items():
            object.__setattr__(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """Built-in types only, so that it can be written as JSON and sent to another process; money is text."""
        plain = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _DECIDED}
        return {
            **plain,
            "sample": tuple(_plain(row) for row in self.sample),
            "money": None if self.money is None else str(self.money),
            "outcome": self.outcome.value,
            "level": self.level.value,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CheckResult:
        money = data.get("money")
        lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
        return cls(
            **{
                **data,
                **lists,
                "money": None if money is None else Decimal(money),
                "outcome": Outcome(data["outcome"]),
                "level": Level(data["level"]),
            }
        )

    def saying(self, finding: Finding, redactor: Redactor) -> CheckResult:
        """This result with a finding, whose secrets are hidden and whose personal data is masked.

        Where a check has several, the gravest leads and the sentences of the others follow it.
        """
        findings = sorted((finding, *finding.besides), key=lambda one: _level_of(one, self.level), reverse=True)
        first = findings[0]
        # Whoever is told to block an address has to know it.
        shows_networks = bool(_ADDRESS.search(first.next_step))
        fields = {**Finding.values_of(first), "besides": (), "at_most": None}
        # Also what is more than text, as the quoted name of a table: without it, that would leave as it is.
        texts = {name: str(value) for name, value in fields.items() if isinstance(value, str) and name != "cause"}
        fields |= {name: redactor.text(text) for name, text in texts.items()}
        return replace(
            self,
            **{
                **fields,
                "sentence": redactor.text(" Besides: ".join(agreeing(one.sentence) for one in findings)),
                "level": _level_of(first, self.level),
                "sample": tuple(_plain(redactor.row(row, shows_networks=shows_networks)) for row in first.sample),
                "more": tuple(_plain(redactor.row(row, shows_networks=shows_networks)) for row in first.more),
                "branches": tuple(map(redactor.text, _branches_of(findings))),
                "people": people_of(first.sample, first.count) if first.people is None else first.people,
            },
        )


_ADDRESS = re.compile(r"\baddress(es)?\b", re.IGNORECASE)
_SENTENCES = ("sentence", "where", "next_step", "remedy")
# What a finding leaves to whoever judges it, and what has been judged or written once there is a result.
_DECIDED = {"besides", "at_most", "more"}


def _level_of(finding: Finding, item_level: Level) -> Level:
    level = finding.level or item_level
    return min(level, finding.at_most or level)


def _branches_of(findings: Sequence[Finding]) -> tuple[str, ...]:
    first, *more = (one.branches or branches_of(one.sample) for one in findings)
    return tuple(dict.fromkeys((*first, *(branch for one in more for branch in one))))


def _cut_row(row: Mapping[str, object]) -> dict[str, Any]:
    """A row, or figures: keys and texts, also those of a figure's parts, no longer than anybody reads."""
    return {cut(str(name)): _cut_value(value) for name, value in row.items()}


def _cut_value(value: object) -> object:
    if isinstance(value, str):
        return cut(value)
    return _cut_row(value) if isinstance(value, Mapping) else value


def _plain(row: Mapping[str, object]) -> dict[str, Any]:
    return {
        str(column): value if value is None or isinstance(value, bool | int | float | str) else str(value)
        for column, value in row.items()
    }
