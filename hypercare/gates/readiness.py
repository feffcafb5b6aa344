"""Go or no-go: what the rounds of one day on a system that is to go live say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.plan.checklist import Checklist
from hypercare.plan.item import Item, Trading
from hypercare.reports.markdown import escaped, translated_lines
from hypercare.reports.navigation import navigation_from
from hypercare.reports.page import page_assets, rendered
from hypercare.reports.summary import ItemResult, Summary
from hypercare.reports.words import counted

# How a check says that only time, or people at work, will tell.
_NEEDS_TRAFFIC = "Nothing to mend: "


class Decision(StrEnum):
    GO = "Go"
    LIMITS = "Go, with limits"
    NO_GO = "No-go"
    UNKNOWN = "Not known"


class Group(StrEnum):
    FAILS = "Does not hold"
    UNSEEN = "Could not be looked at"
    NOT_COVERED = "Not covered"
    WITHOUT_TRAFFIC = "Cannot be told without traffic"
    ASKED = "Waits for a person"
    NOT_YET = "No round has looked at it yet"
    HOLDS = "Holds"


TONE = {
    Decision.GO: "good",
    Decision.LIMITS: "warn",
    Decision.NO_GO: "bad",
    Decision.UNKNOWN: "unknown",
    Group.FAILS: "bad",
    Group.UNSEEN: "warn",
    Group.NOT_COVERED: "unknown",
    Group.WITHOUT_TRAFFIC: "unknown",
    Group.ASKED: "unknown",
    Group.NOT_YET: "unknown",
    Group.HOLDS: "good",
}
_OF_OUTCOME = {
    Outcome.FAILED: Group.FAILS,
    Outcome.FLAKY: Group.FAILS,
    Outcome.BLOCKED: Group.UNSEEN,
    Outcome.MONITOR_FAULT: Group.UNSEEN,
    Outcome.AWAITING: Group.ASKED,
    Outcome.PASSED: Group.HOLDS,
    Outcome.NOT_COVERED: Group.NOT_COVERED,
}


@dataclass(frozen=True)
class Line:
    item: Item
    level: Level
    says: str


@dataclass(frozen=True)
class Readiness:
    """`number` is N of "day N": zero is the day before go-live."""

    target: str
    day: date
    number: int
    decision: Decision
    reason: str
    groups: Sequence[tuple[Group, Sequence[Line]]]


def readiness_of(plan: Checklist, summary: Summary) -> Readiness:
    """What the rounds of a day come to, for whoever decides."""
    ends = {end.id: end for end in summary.items}
    remedies = {one.id: one.remedy for one in summary.coverage.not_covered}
    grouped: dict[Group, list[Line]] = {group: [] for group in Group}
    for item in plan:
        end = ends.get(item.id)
        group = Group.NOT_YET if end is None else _group(end, remedies.get(item.id, ""))
        grouped[group].append(Line(item, item.level if end is None else end.level, end.sentence if end else ""))
    decision, reason = _decided(grouped)
    groups = [(group, sorted(lines, key=lambda one: one.level, reverse=True)) for group, lines in grouped.items()]
    shown = [(group, lines) for group, lines in groups if lines]
    return Readiness(summary.target, summary.date, summary.day, decision, reason, shown)


def _group(end: ItemResult, remedy: str) -> Group:
    group = _OF_OUTCOME[end.outcome]
    return Group.WITHOUT_TRAFFIC if group is Group.NOT_COVERED and remedy.startswith(_NEEDS_TRAFFIC) else group


def _decided(grouped: dict[Group, list[Line]]) -> tuple[Decision, str]:
    failing, unseen = grouped[Group.FAILS], [*grouped[Group.UNSEEN], *grouped[Group.NOT_YET]]
    stops = [one for one in failing if one.level is Level.L3 or one.item.trading is Trading.NEEDED]
    if stops:
        return (
            Decision.NO_GO,
            f"{counted(len(stops), 'item')} that selling needs {_do(stops)} not hold: {stops[0].says}",
        )
    needed = [one for one in (*unseen, *grouped[Group.NOT_COVERED]) if one.item.trading is Trading.NEEDED]
    if needed:
        return (
            Decision.UNKNOWN,
            f"{counted(len(needed), 'item')} that selling needs could not be seen, such as {needed[0].item.id}.",
        )
    if failing:
        return (
            Decision.LIMITS,
            f"{counted(len(failing), 'item')} {_do(failing)} not hold; selling goes on: {failing[0].says}",
        )
    return Decision.GO, f"All {len(grouped[Group.HOLDS])} items that could be looked at hold."


def _do(lines: Sequence[Line]) -> str:
    return "does" if len(lines) == 1 else "do"


def readiness_markdown(readiness: Readiness) -> str:
    return translated_lines(_lines(readiness))


def _lines(readiness: Readiness) -> Iterator[str]:
    yield f"# Go or no-go: {escaped(readiness.target)}"
    yield f"\n{readiness.day:%A}, {readiness.day:%d %B %Y}, day {readiness.number}"
    yield f"\n**{readiness.decision}.** {escaped(readiness.reason)}"
    for group, lines in readiness.groups:
        yield f"\n## {group} ({len(lines)})\n"
        for line in lines:
            says = f": {escaped(line.says)}" if line.says else ""
            yield f"- {line.level} **{escaped(line.item.id)}** {escaped(line.item.words)}{says}"


def readiness_page(readiness: Readiness) -> str:
    """The whole page as text."""
    return rendered("readiness.html.j2", readiness=readiness, tone=TONE, **page_assets(navigation=navigation_from("")))
