"""A round always ends within its time limit, whatever hangs."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

import pytest

from hypercare.suite.exit_status import OUR_FAULT

OUT_OF_TIME = "The round ran out of time before this check ended."
_LOG = logging.getLogger(__name__)


class PartialReport(Protocol):
    """What was seen of a round until now, as a report."""

    def publish(self) -> None: ...


class Watchdog:
    """At the limit asks pytest to stop after the check in flight; if that does not end either, ends the process.

    `report` is published before the process is ended, so that what was seen until then is told.
    """

    def __init__(self, limit: timedelta, grace: timedelta, report: PartialReport) -> None:
        self.fired = False
        self._report = report
        self._session: pytest.Session | None = None
        self._soft = threading.Timer(limit.total_seconds(), self._ask_to_stop)
        self._hard = threading.Timer((limit + grace).total_seconds(), self._end)
        for timer in (self._soft, self._hard):
            timer.daemon = True

    def start(self) -> None:
        self._soft.start()
        self._hard.start()

    def stop(self) -> None:
        self._soft.cancel()
        self._hard.cancel()

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session
        if self.fired:
            self._ask_to_stop()

    def _ask_to_stop(self) -> None:
        if not self.fired:
            _LOG.warning("the round's time limit is over: it is to stop after the check in flight")
        self.fired = True
        if self._session is not None:
            self._session.shouldstop = "the round's time limit is over"

    def _end(self) -> None:
        _LOG.warning("the round ran out of time and a check did not end: its process is ended now")
        sys.stderr.write("hypercare: the round ran out of time and a check did not end; it is ended now\n")
        try:
            self._report.publish()
        finally:
            sys.stderr.flush()
            os._exit(OUR_FAULT)


@contextmanager
def ending_anyway(status: int, limit_s: float) -> Iterator[None]:
    """End the process with this status if the block has not ended by then, whatever hangs in it."""

    def end() -> None:
        _LOG.warning("what is added to the report did not end within %g s: the process is ended now", limit_s)
        os._exit(status)

    timer = threading.Timer(limit_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


WATCHDOG = pytest.StashKey[Watchdog]()
