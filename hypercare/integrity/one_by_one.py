"""Many questions of one kind, each by itself: what the database cannot say to one keeps no other from being asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy import Connection

from hypercare.database.database import Database
from hypercare.database.trouble import NoSuchColumn
from hypercare.integrity.rules import Broken
from hypercare.outcome.finding import Finding
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered, Signal
from hypercare.target_file.mapping import AgreedReference, AgreedRule

Asked = TypeVar("Asked")
Agreement = TypeVar("Agreement", AgreedRule, AgreedReference)


@dataclass
class Answers(Generic[Asked]):
    """What breaks any of them, how many were answered, and those that were not with the reason."""

    broken: list[Broken] = field(default_factory=list)
    answered: int = 0
    unanswered: list[tuple[Asked, Signal]] = field(default_factory=list)

    def require_enough(self, source: str, what: str, remedy: str, vouched: int = 0) -> None:
        """Tell how much was looked at; `vouched` of them the engine itself answers for.

        Raises:
            NotCovered: nothing is broken, and there was nothing to look at, or little of it could be.
        """
        seen, there = self.answered + vouched, self.answered + vouched + len(self.unanswered)
        took_in(source, what, there, seen, {"vouched for by the engine": vouched} if vouched else {})
        if self.broken:
            return
        if not there:
            raise NotCovered(f"there are no {what} to look at", remedy=remedy)
        signals = [signal for _, signal in self.unanswered]
        failed = next((one for one in signals if isinstance(one, CheckFailed)), None)
        if failed is not None:
            raise failed
        if seen < len(signals):
            gap = next(one for one in signals if isinstance(one, NotCovered | MonitorFault))
            raise NotCovered(f"Only {seen} of {there} {what} could be looked at: {gap.reason}", remedy=gap.remedy)


def one_by_one(
    database: Database, connection: Connection, items: Iterable[Asked], asked: Callable[[Asked], list[Broken]]
) -> Answers[Asked]:
    """Ask each in a savepoint of its own."""
    answers: Answers[Asked] = Answers()
    for one in items:
        try:
            with database.translating(), connection.begin_nested():
                answers.broken += asked(one)
            answers.answered += 1
        except (CheckFailed, MonitorFault, NotCovered) as signal:
            answers.unanswered.append((one, signal))
    return answers


def each_agreed(
    database: Database,
    connection: Connection,
    agreed: Iterable[Agreement],
    asked: Callable[[Agreement], list[Broken]],
) -> list[Broken]:
    """What breaks any of them. Where nothing does, the first that cannot be asked any more is raised."""
    things = list(agreed)
    answers = one_by_one(database, connection, things, asked)
    took_in(database.address, "agreements", len(things), answers.answered)
    if answers.unanswered and not answers.broken:
        one, signal = answers.unanswered[0]
        raise _gone(one, signal) if isinstance(signal, NoSuchColumn) else signal
    return answers.broken


def _gone(agreed: AgreedRule | AgreedReference, trouble: NoSuchColumn) -> CheckFailed:
    if isinstance(agreed, AgreedRule):
        what, place = f"The rule {agreed.name!r}", f"table {agreed.table}"
    else:
        what, place = f"The reference {agreed.child} → {agreed.parent}", f"table {agreed.child.rpartition('.')[0]}"
    return CheckFailed(
        Finding(
            sentence=f"{what} cannot be looked at: it names {trouble.named}, which is not there.",
            cause="column-missing",
            where=place,
            next_step="If a release renamed the column, correct [mapping.agreed]; if it was lost, bring it back.",
            detail=trouble.reason,
        )
    )
