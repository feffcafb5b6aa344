"""One at work for a target at a time: by a locked file on this machine, by the history's server among several."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from hypercare.history.engine import only_holder
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.outcome.signals import MonitorFault

_LOG = logging.getLogger(__name__)


@contextmanager
def one_at_work(lock: Path, history: History | None = None) -> Iterator[bool]:
    """Whether nobody else is at work under this lock; while it is so nobody else can be.

    A history on a server keeps other machines off too; where it cannot be asked, the file alone holds. Both are free as
    soon as whoever held them has died.

    Raises:
        MonitorFault: the file cannot be made or locked.
    """
    with _locked(lock) as mine:
        if not mine or history is None or history.is_file:
            yield mine
            return
        stack = ExitStack()
        try:
            yield _is_held_on_server(stack, history, lock.name)
        finally:
            # Its connection may have gone meanwhile; what was at work has ended all the same.
            with suppress(HistoryProblem, SQLAlchemyError):
                stack.close()


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(path.open("ab"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = True
        except BlockingIOError:
            mine = False
        except OSError as error:
            raise MonitorFault(f"{path} cannot be locked: {error.strerror or error}") from None
        yield mine


def _is_held_on_server(stack: ExitStack, history: History, name: str) -> bool:
    try:
        connection = stack.enter_context(history.reading())
        return only_holder(connection, f"{name}:{history.target}")
    except (HistoryProblem, SQLAlchemyError) as error:
        _LOG.warning("whether another machine is at work cannot be asked of %s: %s", history.shown, error)
        return True
