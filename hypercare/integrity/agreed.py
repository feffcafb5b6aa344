"""What people agreed on, looked at one by one: what names a thing that is gone keeps no other from being looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection

from hypercare.database.database import Database
from hypercare.database.trouble import NoSuchColumn
from hypercare.integrity.one_by_one import one_by_one
from hypercare.integrity.rules import Broken
from hypercare.outcome.finding import Finding
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import CheckFailed
from hypercare.target_file.mapping import AgreedReference, AgreedRule

Agreement = TypeVar("Agreement", AgreedRule, AgreedReference)


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
