"""What goes on by itself while the system is served: the business's day, and background jobs."""

from __future__ import annotations

import threading

from sqlalchemy.exc import SQLAlchemyError

from demo_erp.errors import ErpError, SetupProblem
from demo_erp.services import jobs
from demo_erp.state import State

EVERY_SECONDS = 2.0


class Ticker:
    """A thread that wakes every two seconds; a step that fails is logged and tried again at the next."""

    def __init__(self, state: State, *, traffic: bool) -> None:
        self._state = state
        self._traffic = traffic
        self._stopping = threading.Event()
        self._failing = False
        # A daemon: what it is amid of is one transaction, which is undone if the process ends.
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, wait_seconds: float = 1.0) -> None:
        """Let the present step end, but wait no longer than told."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(wait_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
                self._failing = False
            except (SQLAlchemyError, OSError, ErpError, SetupProblem, ValueError, LookupError) as problem:
                self._tell(problem)
            self._stopping.wait(EVERY_SECONDS)

    def _step(self) -> None:
        now = self._state.clock.now()
        if self._traffic:
            from demo_erp import traffic

            traffic.live_until(self._state, now, wait=False)
        database = self._state.database
        with database.reading() as session:
            due = jobs.any_due(session, now)
        if due and not self._stopping.is_set():
            with database.writing() as session:
                jobs.run_due(session, now)

    def _tell(self, problem: Exception) -> None:
        if not self._failing:  # once a trouble, not every two seconds
            self._state.logs.app(
                "ERROR", "demo_erp.ticker", "background work failed; it is tried again", exception=problem
            )
        self._failing = True
