"""Who is to blame: a web app, phone or API that fails while its database is down has not failed by itself.

Nor are the errors that it then writes into its log a trouble of their own. A critical line is told all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from hypercare.outcome.signals import Signal, WayDown
from hypercare.suite.session import SuiteSession

_STAND_ON_DATABASE = frozenset({"web", "phone", "api", "synthetic", "logs"})
_SPEAK_FOR_THEMSELVES = frozenset({"health.database", "health.logs"})


def may_be_innocent(nouns: Iterable[str], items: Iterable[str]) -> bool:
    """Whether a check that uses these nouns and answers for these items could have failed by the database's fault."""
    return not _STAND_ON_DATABASE.isdisjoint(nouns) and _SPEAK_FOR_THEMSELVES.isdisjoint(items)


def database_trouble(session: SuiteSession) -> WayDown | None:
    """What is wrong with the database that stands behind the doors; None when it answers or none is configured.

    Asked only after a check of a door has failed, so that a check at the desk opens no database for nothing.
    """
    if session.config.database is None:
        return None
    from sqlalchemy import inspect

    database = session.database
    try:
        with database.snapshot() as connection, database.translating():
            inspect(connection).get_table_names()
    except WayDown as down:
        return down
    except Signal:
        return None  # it answers, if not this question
    return None
