"""Who is to blame: a web app, phone or API that fails while its database is down has not failed by itself.

Nor are the errors that it then writes into its log a trouble of their own. A critical line is told all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hypercare.outcome.signals import ChannelDown, Signal
from hypercare.plan.checklist import Checklist
from hypercare.plan.ways import Way
from hypercare.suite.session import SuiteSession

_STAND_ON_DATABASE = frozenset({"web", "phone", "api", "synthetic", "logs"})


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
