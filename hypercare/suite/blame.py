"""Who is to blame: a web app, phone or API that fails while its database is down has not failed by itself."""

from __future__ import annotations

from hypercare.outcome.signals import WayDown
from hypercare.suite.session import SuiteSession

LIVE_NOUNS = frozenset({"web", "phone", "api", "synthetic"})


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
    return None
