"""Telling people what happened: the one client that rounds, probes, watches and commands go through."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from hypercare.escalation.answer_links import AnswerLinks
from hypercare.escalation.changes import ChangeKind, IncidentChange
from hypercare.escalation.incidents import Incidents
from hypercare.history.missed_rounds import MissedRound
from hypercare.history.store import History
from hypercare.notification.absent_rounds import LOOKING_BACK, absent_rounds
from hypercare.notification.delivery import Delivered, Delivery
from hypercare.notification.digest_words import digest_message, says_something_new
from hypercare.notification.forgotten_maintenance import forgotten_maintenance
from hypercare.notification.incident_words import about, incident_message, waits_for_answer
from hypercare.notification.message import Kind, Message
from hypercare.notification.monitor_words import given_up_message, missed_message
from hypercare.notification.outbox import Outbox, QueuedMessage
from hypercare.notification.routes import hears, sends_at
from hypercare.outcome.level import Level
from hypercare.reports.summary import Summary
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.notify import MessagesSection, NotifyRoute

_LOG = logging.getLogger(__name__)


class Notifier:
    """Writes down what is to be told, then sends what is due. Telling the same twice is telling it once."""

    def __init__(self, history: History, config: TargetConfig) -> None:
        self._history = history
        self._config = config

    @cached_property
    def _settings(self) -> MessagesSection:
        return self._config.messages or MessagesSection()

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self._history)

    def tell(
        self, changes: Sequence[IncidentChange], summary: Summary | None, now: datetime, round_id: str = ""
    ) -> None:
        """Write down the messages of what changed and, after a round, its digest.

        What another process recorded and did not come to tell is told with it. A round that looks back at another day
        has no digest. Without a [[notify]] route nothing is written.

        Raises:
            HistoryProblem: the history cannot be written.
        """
        if not self._config.notify:
            return
        marked = self.outbox.told_up_to
        every = {one.event: one for one in (*self._untold(marked, now), *changes)}
        if every or marked is None:
            messages = [self._of_change(every[event], now) for event in sorted(every)]
            self.outbox.put_changes(messages, max([*every, marked]) if marked is not None else None, now)
        if summary is not None and not summary.live_looks_at and not _is_under_maintenance(summary):
            self.outbox.put(self._of_round(summary, round_id or summary.started.isoformat(), now), now)

    def notice_missed_rounds(self, now: datetime) -> tuple[MissedRound, ...]:
        """Write down that rounds of the last days did not happen; each is told once, whoever notices it.

        Returns:
            those that nobody had noticed before.

        Raises:
            HistoryProblem: the history cannot be read or written.
        """
        missed = absent_rounds(self._history, self._config, now)
        messages = [(missed_message(one, self._config, now), one) for one in missed]
        routes = self._hearing(Kind.MONITOR)
        new = self.outbox.put([QueuedMessage(message, self._to(routes, message, now)) for message, _ in messages], now)
        return tuple(one for message, one in messages if message.key in new)

    def notice_forgotten_maintenance(self, now: datetime) -> tuple[str, ...]:
        """Write down that maintenance was not ended; each is told once, whoever notices it.

        Returns:
            what nobody had noticed before, in a sentence each.

        Raises:
            HistoryProblem: the history cannot be read or written.
        """
        messages = forgotten_maintenance(self._history, self._config, now)
        routes = self._hearing(Kind.MONITOR)
        new = self.outbox.put([QueuedMessage(message, self._to(routes, message, now)) for message in messages], now)
        return tuple(message.line for message in messages if message.key in new)

    def deliver(self, now: datetime, budget: timedelta | None = None) -> Delivered:
        """Send what is due. A dead receiver costs time within `budget`, and nothing else.

        Raises:
            HistoryProblem: the history cannot be read.
        """
        if not self._config.notify:
            return Delivered()
        budget = self._settings.budget if budget is None else budget
        delivery = Delivery(self.outbox, self._config.notify, self._settings)
        done = delivery.deliver(now, budget)
        if done.given_up and self._tell_given_up(done, now):
            done.take_in(delivery.deliver(now, budget / 2))
        return done

    def _untold(self, marked: int | None, now: datetime) -> list[IncidentChange]:
        """What was recorded and not told: its process died, or nobody was to be told then; not what is long past."""
        if marked is None:
            return []
        untold = Incidents(self._history, self._config).changes_since(marked, now)
        return [one for one in untold if now - one.at <= LOOKING_BACK]

    def _of_change(self, change: IncidentChange, now: datetime) -> QueuedMessage:
        """Whoever heard of an incident hears how it goes on, besides those whose level it has now."""
        message = self._with_link(incident_message(change, self._config), change)
        routes = self._hearing(Kind.INCIDENT, change.notified or (change.incident.level,), change.incident.branches)
        new = change.kind is ChangeKind.OPENED
        before = set() if new else self.outbox.told_of(f"{about(change.incident.id)}:")
        later = [route for route in self._config.notify if route.name in before and route not in routes]
        return QueuedMessage(message, self._to((*routes, *later), message, now))

    def _with_link(self, message: Message, change: IncidentChange) -> Message:
        """The message with what acknowledges its incident once, where there are pages that it can lead to."""
        serve = self._config.serve
        if serve is None or serve.public_url is None or not waits_for_answer(change):
            return message
        token = AnswerLinks(self._history).new(change.incident.id, serve.link_length)
        return message.model_copy(update={"answer_link": f"{serve.public_url}/link/{token}"})

    def _of_round(self, summary: Summary, round_id: str, now: datetime) -> list[QueuedMessage]:
        newest = self.outbox.newest(Kind.DIGEST)
        before = newest.data.get("state") if newest is not None else None
        new = says_something_new(summary, before)
        routes = [route for route in self._hearing(Kind.DIGEST) if new or not route.quiet]
        message = digest_message(summary, round_id, before, self._config)
        return [QueuedMessage(message, self._to(routes, message, now))] if routes else []

    def _tell_given_up(self, done: Delivered, now: datetime) -> set[str]:
        messages = []
        for name, lost in done.given_up.items():
            message = given_up_message(name, lost, done.troubles.get(name, ""), self._config, now)
            others = [route for route in self._hearing(Kind.MONITOR) if route.name not in done.troubles]
            messages.append(QueuedMessage(message, self._to(others, message, now)))
        return self.outbox.put(messages, now)

    def _hearing(
        self, kind: Kind, levels: Collection[Level] = (), branches: Collection[str] = ()
    ) -> tuple[NotifyRoute, ...]:
        return tuple(route for route in self._config.notify if hears(route, kind, levels, branches))

    def _to(self, routes: Iterable[NotifyRoute], message: Message, now: datetime) -> dict[str, datetime]:
        """When each route may be sent the message; without those that leave it out at this hour."""
        calendar = self._config.business.calendar
        times = {route.name: sends_at(route, calendar, message.level, now) for route in routes}
        silent = [name for name, at in times.items() if at is None]
        if silent:
            _LOG.info("%s is not for %s at this hour", message.key, ", ".join(silent))
        return {name: at for name, at in times.items() if at is not None}


def _is_under_maintenance(summary: Summary) -> bool:
    """Nobody is to hear every round of a day that all of it is being worked on."""
    return any(not one.ways and not one.branches for one in summary.maintenance)
