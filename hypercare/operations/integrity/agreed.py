"""What people agreed on, looked at one by one: what names a thing that is gone keeps no other from being looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection

from hypercare.operations.integrity.rules import Broken
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import CheckFailed, MonitorFault, Signal
from hypercare.target.database import Database
from hypercare.target.database_trouble import TABLE_MISSING, NoSuchColumn
from hypercare.target.mapping import AgreedReference, AgreedRule

Agreement = TypeVar("Agreement", AgreedRule, AgreedReference)


def each_agreed(
    database: Database,
    connection: Connection,
    agreed: Iterable[Agreement],
    asked: Callable[[Agreement], list[Broken]],
) -> list[Broken]:
    """What breaks any of them. Where nothing does, the first that cannot be asked any more is raised."""
    broken: list[Broken] = []
    unasked: Signal | None = None
    for one in agreed:
        try:
            with database.translating(), connection.begin_nested():
                broken += asked(one)
        except MonitorFault as fault:
            unasked = unasked or (_gone(one, fault) if isinstance(fault, NoSuchColumn) else fault)
        except CheckFailed as failed:
            if failed.finding.cause != TABLE_MISSING:
                raise
            unasked = unasked or failed
    if unasked is not None and not broken:
        raise unasked
    return broken


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
