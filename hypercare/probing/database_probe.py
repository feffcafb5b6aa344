"""The database looked at by one small question over a fresh connection."""

from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.engine import make_engine
from hypercare.database.trouble import translated
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered, Signal
from hypercare.probing.answer import Answer
from hypercare.probing.page_probe import timed
from hypercare.target_file.target import Target
from hypercare.uptime.state import State

# SQLite answers SELECT 1 without opening its file.
_QUESTIONS = {"sqlite": "SELECT count(*) FROM sqlite_master", "oracle": "SELECT 1 FROM dual"}
_OUR_NETWORK = ("network is unreachable", "too many open files", "cannot assign requested address")


def database_answer(target: Target, *, degraded_after: timedelta, timeout: timedelta) -> Answer:
    """Ask it something, on a time limit of its own."""
    from hypercare.database.database import Database

    started = time.perf_counter()
    try:
        url = Database(target).url
        engine = make_engine(url, timeout)
        try:
            with engine.connect() as connection:
                connection.execute(text(_QUESTIONS.get(url.get_backend_name(), "SELECT 1"))).scalar()
        except (SQLAlchemyError, OSError) as error:
            cause = getattr(error, "orig", None) or error
            return _failed(cause, translated(cause, url, timeout=timeout))
        finally:
            engine.dispose()
    except MonitorFault as fault:
        return Answer(State.UNKNOWN, None, fault.reason)
    return timed(time.perf_counter() - started, degraded_after)


def _failed(cause: BaseException, signal: Signal) -> Answer:
    if isinstance(signal, MonitorFault | NotCovered):
        return Answer(State.UNKNOWN, None, signal.reason)
    if any(words in str(cause).lower() for words in _OUR_NETWORK):
        return Answer(State.UNKNOWN, None, f"This machine's own network kept us from the database: {cause}")
    return Answer(State.DOWN, None, str(signal), signal.address if isinstance(signal, ChannelDown) else "")
