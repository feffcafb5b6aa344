"""A business opened and its days lived: making a new one, and taking one on to a later instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from demo_erp.business_time import local_instant
from demo_erp.database import reason_of
from demo_erp.errors import SetupProblem
from demo_erp.schema import Branch
from demo_erp.services import jobs
from demo_erp.state import Settings, State

MOST_DAYS = 3660
Say = Callable[[str], None]


def create(folder: Path, settings: Settings, *, days: int, at: time, say: Say = lambda _: None) -> State:
    """Open a business and live its days so far; its clock then stands in day ``days`` at the local time ``at``.

    ``say`` is told what is being done, for people who wait. Raises SetupProblem when the folder or the database
    cannot be used or holds a business already.
    """
    from demo_erp import traffic

    if not 1 <= days <= MOST_DAYS:
        raise SetupProblem(f"a business has 1 to {MOST_DAYS} days, not {days}")
    state = State.create(folder, settings)
    standing = local_instant(settings.go_live + timedelta(days=days - 1), at, state.timezone)
    state.clock.set(local_instant(settings.go_live, time(0), state.timezone), rate=0.0)
    say("making the tables")
    state.database.create()
    _refuse_used(state)
    traffic.open_business(state)
    _live(state, standing, say)
    state.clock.set(standing, rate=0.0)
    state.keep_settings()
    return state


def advance(state: State, to: datetime, *, say: Say = lambda _: None) -> None:
    """Live on until an aware instant and set the clock. Raises SetupProblem when it is past already."""
    if to < state.clock.now():
        now = state.clock.now().astimezone(state.timezone).isoformat(timespec="seconds")
        raise SetupProblem(f"it is {now} already; time goes forward only")
    _live(state, to, say)
    state.clock.set(max(to, state.clock.now()), rate=state.clock.rate)


def require_database(state: State) -> None:
    """Raises SetupProblem when the database does not answer."""
    try:
        with state.database.engine.connect():
            pass
    except SQLAlchemyError as problem:
        public = state.database.public_url
        raise SetupProblem(f"the database {public} cannot be used: {reason_of(problem)}") from problem


def _live(state: State, until: datetime, say: Say) -> None:
    from demo_erp import traffic

    traffic.live_until(state, until, on_day=lambda day: say(f"living {day:%A %d %B %Y}"))
    with state.database.writing() as session:
        while jobs.run_due(session, until):  # nothing that was due stays queued when the clock jumps
            pass


def _refuse_used(state: State) -> None:
    with state.database.reading() as session:
        if session.scalar(select(Branch.id).limit(1)) is not None:
            raise SetupProblem(f"the database {state.database.public_url} holds a business already")
