"""Sending what is due, within a time limit, whatever the receivers do."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypercare.history.problem import HistoryProblem
from hypercare.notification.address import sender_of
from hypercare.notification.batches import Batch, batches_of
from hypercare.notification.message import Message
from hypercare.notification.outbox import Due, Outbox
from hypercare.notification.sender import Sender, Unsent
from hypercare.target_file.sections.notify import MessagesSection, NotifyRoute

_LOG = logging.getLogger(__name__)
_NO_ROUTE = "the target file has no such route any more"


@dataclass
class Delivered:
    """What became of what was due. `troubles` are the words of each route that did not take its messages."""

    sent: list[tuple[str, Message]] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    given_up: dict[str, list[Due]] = field(default_factory=dict)

    def take_in(self, other: Delivered) -> None:
        self.sent += other.sent
        self.troubles |= other.troubles
        self.given_up |= other.given_up


class Delivery:
    """Brings what is due to its receivers: all routes at once, each of them in order."""

    def __init__(
        self,
        outbox: Outbox,
        routes: Collection[NotifyRoute],
        settings: MessagesSection,
        make_sender: Callable[[NotifyRoute], Sender] = sender_of,
    ) -> None:
        self._outbox = outbox
        self._routes: Mapping[str, NotifyRoute] = {route.name: route for route in routes}
        self._settings = settings
        self._make_sender = make_sender

    def deliver(self, now: datetime, budget: timedelta) -> Delivered:
        """Send what is due at `now`, for no longer than `budget`.

        A receiver that hangs is left to itself when the time is over; its messages are tried again later, by whatever
        process comes next.

        Raises:
            HistoryProblem: what is due cannot be read.
        """
        done = Delivered()
        deadline = time.monotonic() + budget.total_seconds()
        threads = []
        for name in self._outbox.routes_due(now):
            route = self._routes.get(name)
            if route is None:
                _LOG.info("messages to %s are left out: %s", name, _NO_ROUTE)
                self._outbox.mark_left_out(self._outbox.take(name, now), _NO_ROUTE)
                continue
            work = _OneRoute(self._outbox, route, self._settings, self._make_sender, now, deadline, done)
            threads.append(threading.Thread(target=work.run, name=f"messages to {name}", daemon=True))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                _LOG.warning("%s: no end within the time for messages; left to itself", thread.name)
        return done


@dataclass
class _OneRoute:
    """The messages of one route. Once its receiver fails, the rest waits with what failed."""

    outbox: Outbox
    route: NotifyRoute
    settings: MessagesSection
    make_sender: Callable[[NotifyRoute], Sender]
    now: datetime
    deadline: float
    done: Delivered

    def run(self) -> None:
        try:
            self._send_all()
        except HistoryProblem as error:
            # What was taken comes free again when its lease ends.
            _LOG.warning("messages to %s: %s", self.route.name, error)
            self.done.troubles[self.route.name] = str(error)

    def _send_all(self) -> None:
        due = self.outbox.take(self.route.name, self.now)
        batches = batches_of(due, self.settings.together_from)
        for number, batch in enumerate(batches):
            if time.monotonic() >= self.deadline:
                self._put_back(batches[number:], self.now)
                return
            started = time.perf_counter()
            try:
                # A sender of its own for each: Apprise's wait for seconds between two messages.
                self.make_sender(self.route).send(batch.message)
            except Unsent as error:
                self._fail(batch, str(error))
                self._put_back(batches[number + 1 :], self._later(batch))
                return
            took = (time.perf_counter() - started) * 1000
            _LOG.info("sent to %s in %.0f ms: %s", self.route.name, took, batch.message.title)
            self.outbox.sent(batch.holds, self.now)
            self.outbox.mark_left_out(batch.outdated, "a newer one says how it is")
            self.done.sent.append((self.route.name, batch.message))

    def _fail(self, batch: Batch, trouble: str) -> None:
        self.done.troubles[self.route.name] = trouble
        lost = tuple(one for one in batch.holds if one.attempts + 1 >= self.settings.attempts)
        end = "given up" if lost else f"tried again from {self._later(batch).isoformat(timespec='seconds')} on"
        _LOG.warning("not sent to %s, %s: %s: %s", self.route.name, end, batch.message.title, trouble)
        self.outbox.given_up(lost, trouble)
        self.outbox.failed([one for one in batch.holds if one not in lost], trouble, self._later(batch))
        self.outbox.mark_left_out(batch.outdated, "a newer one says how it is")
        if lost:
            self.done.given_up[self.route.name] = list(lost)

    def _later(self, batch: Batch) -> datetime:
        """The pause doubles from attempt to attempt."""
        tried = min(max(one.attempts for one in batch.holds), 20)
        return self.now + min(self.settings.retry_after * 2.0**tried, self.settings.retry_at_most_every)

    def _put_back(self, batches: Collection[Batch], next_try: datetime) -> None:
        if batches:
            until = next_try.isoformat(timespec="seconds")
            _LOG.info("%d messages to %s are put back until %s", len(batches), self.route.name, until)
        self.outbox.put_back([due for batch in batches for due in (*batch.holds, *batch.outdated)], next_try)
