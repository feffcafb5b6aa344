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

Item = TypeVar("Item")
Agreement = TypeVar("Agreement", AgreedRule, AgreedReference)


@dataclass
class Answers(Generic[Item]):
    """What breaks any of them, how many were answered, and those that were not with the reason."""

    broken: list[Broken] = field(default_factory=list)
    answered: int = 0
    unanswered: list[tuple[Item, Signal]] = field(default_factory=list)

    def require_enough(self, source: str, what: str, remedy: str, vouched: int = 0) -> None:
        """Tell how much was looked at; `vouched` of them the engine itself answers for.

        Raises:
            NotCovered: nothing is broken, and there was nothing to look at, or little of it could be.
        """
        looked_at, in_all = self.answered + vouched, self.answered + vouched + len(self.unanswered)
        took_in(source, what, in_all, looked_at, {"vouched for by the engine": vouched} if vouched else {})
        if self.broken:
            return
        if not in_all:
            raise NotCovered(f"there are no {what} to look at", remedy=remedy)
        signals = [signal for _, signal in self.unanswered]
        failed = next((one for one in signals if isinstance(one, CheckFailed)), None)
        if failed is not None:
            raise failed
        if looked_at < len(signals):
            gap = next(one for one in signals if isinstance(one, NotCovered | MonitorFault))
            raise NotCovered(f"Only {looked_at} of {in_all} {what} could be looked at: {gap.reason}", remedy=gap.remedy)


def one_by_one(
    database: Database, connection: Connection, items: Iterable[Item], ask: Callable[[Item], list[Broken]]
) -> Answers[Item]:
    """Ask each in a savepoint of its own."""
    answers: Answers[Item] = Answers()
    for one in items:
        try:
            with database.translating(), connection.begin_nested():
                answers.broken += ask(one)
            answers.answered += 1
        except (CheckFailed, MonitorFault, NotCovered) as signal:
            answers.unanswered.append((one, signal))
    return answers


def each_agreed(
    database: Database,
    connection: Connection,
    agreed: Iterable[Agreement],
    ask: Callable[[Agreement], list[Broken]],
) -> list[Broken]:
    """What breaks any of them. Where nothing does, the first that cannot be asked any more is raised."""
    things = list(agreed)
    answers = one_by_one(database, connection, things, ask)
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
