"""Who is to blame for a failure: not what is under maintenance, and not what stands on a database that is down.

A web app, phone or API has not failed while its database is down, nor are the errors that it then writes into its log
a trouble of their own. A critical line is told all the same. What is under maintenance is not judged: its checks do
not run, and what others find of it is no finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.outcome.signals import ChannelDown, NotCovered, Signal
from hypercare.plan.checklist import Checklist
from hypercare.plan.ways import Way
from hypercare.suite.session import SuiteSession
from hypercare.target_file.command_line import command_line

if TYPE_CHECKING:
    from hypercare.uptime.overrides import Maintenance

_STAND_ON_DATABASE = frozenset({"web", "phone", "api", "synthetic", "logs"})
_RESOURCES_OF_WAY = {
    "web": {"web", "browser", "branch_isolation"},
    "mobile": {"phone"},
    "api": {"api"},
    "database": {"database"},
    "logs": {"logs"},
    "backups": {"backups"},
}
_TROUBLE = {Outcome.FAILED, Outcome.BLOCKED, Outcome.FLAKY, Outcome.MONITOR_FAULT}


def may_be_caused_by_database(resources: Iterable[str], items: Collection[str], checklist: Checklist) -> bool:
    """Whether a check of these resources and items could have failed by the database's fault."""
    database = checklist.answering(Way.DATABASE)
    if any(checklist[item].stands_alone or checklist[item] == database for item in items):
        return False
    needs_it = database is not None and any(database.id in checklist.needs(item) for item in items)
    return needs_it or not _STAND_ON_DATABASE.isdisjoint(resources)


def database_trouble(session: SuiteSession) -> ChannelDown | None:
    """What is wrong with the database that stands behind the clients; None when it answers or none is configured.

    Asked only after a check of a client has failed, so that a check at the desk opens no database for nothing.
    """
    if session.config.database is None:
        return None
    from sqlalchemy import inspect

    database = session.database
    try:
        with database.snapshot() as connection, database.translating():
            inspect(connection).get_table_names()
    except ChannelDown as down:
        return down
    except Signal:
        return None  # it answers, if not this question
    return None


def require_no_maintenance(test: pytest.Function, session: SuiteSession) -> None:
    """Raise NotCovered for a check of which all, or a way that it goes, is under maintenance."""
    for window in session.maintenance:
        if not window.branches and _goes(test, window):
            raise _not_judged(window, session)


def excused(result: CheckResult, test: pytest.Function, session: SuiteSession) -> CheckResult:
    """The result of a check that was run; what it found is no finding where maintenance explains it."""
    if result.outcome not in _TROUBLE:
        return result
    for window in session.maintenance:
        if _explains(window, result, test, session.checklist):
            gap = _not_judged(window, session)
            return replace(
                result, outcome=Outcome.NOT_COVERED, sentence=gap.reason, remedy=gap.remedy, detail=result.sentence
            )
    return result


def _goes(test: pytest.Function, window: Maintenance) -> bool:
    resources = set(test.fixturenames)
    return not window.ways or any(resources & _RESOURCES_OF_WAY.get(way, set()) for way in window.ways)


def _explains(window: Maintenance, result: CheckResult, test: pytest.Function, checklist: Checklist) -> bool:
    if window.branches:
        of_way = not window.ways or _goes(test, window)
        return of_way and bool(result.branches) and set(result.branches) <= set(window.branches)
    if result.blocked_by in window.ways:
        return True
    return Way.DATABASE in window.ways and may_be_caused_by_database(test.fixturenames, result.items, checklist)


def _not_judged(window: Maintenance, session: SuiteSession) -> NotCovered:
    # Loaded for the few checks that meet an announced window.
    from hypercare.maintenance.words import words_of_window

    words = words_of_window(window, session.target.calendar, session.target.as_of)
    end = command_line(session.config, "maintenance end --by NAME")
    remedy = (
        f"Nothing to mend. If it is over already: {end}" if window.by else "Nothing to mend: look again afterwards."
    )
    return NotCovered(f"Not looked at: {words}.", remedy=remedy)
