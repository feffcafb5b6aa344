"""The day's people, for the round that tells the day's figures: no line of the plan asks for them then."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypercare.plan.checklist import Kind
from hypercare.suite.session import SuiteSession


def people_of_the_day(session: SuiteSession) -> Mapping[str, int]:
    """By the names of the report, what of it can be told. The morning counted only who was early."""
    is_told = session.round is not None and any(item.kind is Kind.FIGURE for item in session.chosen)
    if not is_told or _is_worked_on(session):
        return {}
    from hypercare.operations.users import Users

    users = Users(session.target, session.database)
    today, often = session.target.today, session.config.limits.failed_logins_one_user
    return {
        **_told(lambda: users.figures_of_work(today)),
        **_told(lambda: users.figures_of_access(today, often)),
    }


def _told(ask: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
    """A figure that cannot be told is not known; what keeps it from being told is for the checks to say."""
    try:
        return ask()
    except Exception:  # noqa: BLE001 - no figure is worth the report that it would stand in
        return {}


def _is_worked_on(session: SuiteSession) -> bool:
    """Whether the database is under maintenance, so that nobody may ask it now."""
    whole = (window for window in session.maintenance if not window.branches)
    return any(not window.ways or "database" in window.ways for window in whole)
