"""The process of one track: a copy of the round's own, made once all is loaded, in which its checks run one by one.

It runs pytest's whole protocol for each of them, so that limits in time, fixtures, captured output and Allure are what
they are in any session, and hands the reports to the round, which tells of them. It ends when it is told to, or when
the round's process is gone: what a check did to the target is undone in either case.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, NoReturn, cast

import pytest
from _pytest.runner import runtestprotocol

from hypercare.suite.performing import complete_report
from hypercare.suite.session import SESSION
from hypercare.suite.track_messages import (
    Answer,
    Ended,
    ExitWanted,
    Leave,
    Order,
    Perform,
    Print,
    Printed,
    QuietNow,
    QuietWanted,
    TakeDown,
    TakenDown,
    Warned,
)

_LOG = logging.getLogger(__name__)
# A check in which another hangs must not hang as well.
_LONGEST_WAIT_FOR_QUIET_S = 30.0


def live(session: pytest.Session, tests: Sequence[pytest.Item], round_side: Connection) -> NoReturn:
    """What a copied process does; never returns, lest it go on as the round itself."""
    status = 1
    try:
        TrackProcess(session, tests, round_side).run()
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as another
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(status)


class TrackProcess:
    def __init__(self, session: pytest.Session, tests: Sequence[pytest.Item], round_side: Connection) -> None:
        self._session = session
        self._suite = session.config.stash[SESSION]
        self._tests = tests
        self._round_side = round_side
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._last: pytest.Item | None = None
        self._is_at_work = False

    def run(self) -> None:
        self._become_a_track()
        try:
            while not isinstance(order := self._orders.get(), Leave):
                self._follow(order)
        except KeyboardInterrupt:
            self._take_down()
        except pytest.exit.Exception as wanted:
            self._say(ExitWanted(str(wanted.msg), wanted.returncode))
            self._take_down()
        finally:
            self._suite.close_browser()
            self._suite.close()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool:
        """In place of pytest's own, which would tell of it here."""
        # What lasts for the session stays until the round says that all have ended.
        whole_session = cast("pytest.Item", self._session)
        reports = runtestprotocol(item, log=False, nextitem=whole_session)
        plain = [item.config.hook.pytest_report_to_serializable(config=item.config, report=one) for one in reports]
        self._say(Ended(self._tests.index(item), tuple(plain)))
        return True

    def pytest_warning_recorded(self, warning_message: Any, when: str, nodeid: str, location: object) -> None:
        # What was recorded before this process was made is told anew to whoever comes to hear of warnings.
        if not self._is_at_work:
            return
        warning = {"warning_message": warning_message, "when": when, "nodeid": nodeid, "location": location}
        try:
            self._say(Warned(warning))
        except (TypeError, AttributeError, ValueError):  # it holds what cannot be sent
            _LOG.info("a warning of %s: %s", nodeid, warning_message)

    def _become_a_track(self) -> None:
        self._session.config.pluginmanager.register(self, "hypercare-track")
        self._is_at_work = True
        _capture_anew(self._session.config)
        self._suite.become_track(self._quiet)
        signal.signal(signal.SIGINT, _interrupt_once)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        """Take orders also while a check runs. A round that is gone gives no more of them."""
        order: Order = Leave(is_interrupted=True)
        while True:
            try:
                order = self._round_side.recv()
            except (EOFError, OSError):
                order = Leave(is_interrupted=True)
            self._orders.put(order)
            if isinstance(order, Leave):
                break
        if order.is_interrupted:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def _follow(self, order: Order) -> None:
        match order:
            case Perform(number):
                self._last = test = self._tests[number]
                test.config.hook.pytest_runtest_protocol(item=test, nextitem=None)
            case TakeDown():
                self._say(TakenDown(self._take_down(), self._besides(), self._suite.has_browser))
            case Print(page, pdf):
                from hypercare.suite.printing import print_here

                self._say(Printed(print_here(self._suite, page, pdf)))
            case _:  # quiet that came when the check had ended
                pass

    def _take_down(self) -> Mapping[str, Any] | None:
        """Close what lasts for the session; what goes wrong at that is told of the last check."""
        setup: Any = self._session._setupstate
        call = pytest.CallInfo.from_call(lambda: setup.teardown_exact(None), when="teardown")
        if self._last is None or call.excinfo is None:
            return None
        report = pytest.TestReport.from_item_and_call(self._last, call)
        complete_report(self._last, call, report, self._suite)
        config = self._session.config
        plain: Mapping[str, Any] = config.hook.pytest_report_to_serializable(config=config, report=report)
        return plain

    def _besides(self) -> Mapping[str, Any]:
        return self._suite.database.load.as_dict() if self._suite.has_database else {}

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Nothing else is looked at inside the block, unless another check hangs."""
        self._say(QuietWanted())
        with suppress(queue.Empty):
            order = self._orders.get(timeout=_LONGEST_WAIT_FOR_QUIET_S)
            if not isinstance(order, QuietNow):
                self._orders.put(order)
        yield

    def _say(self, answer: Answer) -> None:
        # A round that is gone is noticed by whoever listens to it.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._round_side.send(answer)


def _capture_anew(config: pytest.Config) -> None:
    """What is printed goes to a file of this process, not to one that several would share."""
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    if capture is not None and capture.is_globally_capturing():
        capture.stop_global_capturing()
        capture.start_global_capturing()
        capture.suspend_global_capture(in_=True)


def _interrupt_once(_number: int, _frame: FrameType | None) -> NoReturn:
    """From the keyboard both the round and its tracks hear it, and what is being undone must not be broken off."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt
