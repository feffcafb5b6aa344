"""How the targets of a fleet stand, worst first: as a typed model, which other programs read as JSON, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import AwareDatetime, Field

from hypercare.outcome.level import Level
from hypercare.outcome.part import Part
from hypercare.plan.rounds import words_of_round
from hypercare.reports.summary import Status
from hypercare.reports.words import counted, listed, short_instant
from hypercare.safe_text import visible

FLEET_SCHEMA_VERSION = 1
# What is known to be bad is said first, then what could not be seen.
WORST_FIRST = (Status.CRITICAL, Status.ISSUES, Status.UNKNOWN, Status.HEALTHY)
_WORDS = {
    Status.CRITICAL: "critical",
    Status.ISSUES: "with issues",
    Status.UNKNOWN: "unknown",
    Status.HEALTHY: "healthy",
}
_SENTENCE = 110


class Standing(Part):
    """How one target stands. `round` and `as_of` are of the last round that ended, `as_of` in the target's own zone."""

    target: str = Field(description="as the target file names it")
    key: str = Field(default="", description="under which it is remembered; empty where its file cannot be used")
    file: str
    status: Status
    says: str = Field(default="", description="what is worst, in a sentence")
    round: str = ""
    as_of: AwareDatetime | None = None
    failed: int = Field(default=0, description="items that failed in the last round")
    incidents: dict[Level, int] = Field(default_factory=dict, description="open ones by level")
    unanswered: int = Field(default=0, description="open incidents that are felt and that nobody has answered")
    missed: int = Field(default=0, description="rounds that were due since and did not happen")
    report: str = Field(default="", description="the page of its newest report, from the folder of this one")

    @property
    def incident_words(self) -> str:
        by_level = [f"{many} {level.value}" for level, many in sorted(self.incidents.items(), reverse=True)]
        return f"{counted(sum(self.incidents.values()), 'open incident')} ({', '.join(by_level)})" if by_level else ""

    @property
    def facts(self) -> list[str]:
        """The numbers in words, those that are not nought, and which round they are of."""
        found = (
            f"{counted(self.failed, 'item')} failed" if self.failed else "",
            self.incident_words,
            f"{self.unanswered} unanswered" if self.unanswered else "",
            f"{counted(self.missed, 'round')} missed" if self.missed else "",
            f"{words_of_round(self.round)} of {short_instant(self.as_of)}" if self.as_of is not None else "",
        )
        return [words for words in found if words]


class FleetReport(Part):
    schema_: int = Field(default=FLEET_SCHEMA_VERSION, alias="schema")
    made: AwareDatetime
    counts: dict[Status, int] = Field(description="targets by status")
    targets: list[Standing] = Field(description="worst first")

    @classmethod
    def of(cls, standings: Iterable[Standing], made: AwareDatetime) -> Self:
        targets = sorted(standings, key=_weight)
        counts = {status: sum(one.status is status for one in targets) for status in WORST_FIRST}
        return cls(made=made, counts={status: many for status, many in counts.items() if many}, targets=targets)

    @property
    def words(self) -> str:
        """ "100 targets: 2 critical, 1 unknown and 97 healthy"."""
        parts = [f"{self.counts[status]} {_WORDS[status]}" for status in WORST_FIRST if status in self.counts]
        return f"{counted(len(self.targets), 'target')}: {listed(parts)}"

    @property
    def worst(self) -> Status:
        return next((status for status in WORST_FIRST if status in self.counts), Status.UNKNOWN)


def _weight(one: Standing) -> tuple[int, int, int, int, int, str]:
    critical = one.incidents.get(Level.L3, 0)
    return (WORST_FIRST.index(one.status), -critical, -one.unanswered, -one.failed, -one.missed, one.target.lower())


def fleet_lines(report: FleetReport) -> Iterator[str]:
    """The report for a terminal: each target that is not well, and how many are."""
    yield f"{report.words}."
    for one in report.targets:
        if one.status is not Status.HEALTHY:
            sentence = one.says if len(one.says) <= _SENTENCE else f"{one.says[: _SENTENCE - 1]}…"
            yield visible("  ".join(part for part in (f"{one.status.value:9}", one.target, sentence) if part))
            if one.facts:
                yield visible(f"{'':11}{'; '.join(one.facts)}")
