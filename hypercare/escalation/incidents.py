"""The incidents of one target: what rounds, probers and people make of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hypercare.escalation.changes import ChangeKind, Draft, IncidentChange
from hypercare.escalation.events import Event, EventKind, IncidentEvent
from hypercare.escalation.incident import Incident, IncidentState
from hypercare.escalation.lateness import over_when_answered
from hypercare.escalation.lateness import overdue as overdue_events
from hypercare.escalation.ledger import Ledger, StoredIncident
from hypercare.escalation.on_failure import failure_events
from hypercare.escalation.on_recovery import recovery_events, settled
from hypercare.escalation.probed import Place, ProbeOutcome, passing_of, troubles_of_probes
from hypercare.escalation.terms import Terms
from hypercare.escalation.troubles import UNANSWERED, Trouble
from hypercare.history.store import History
from hypercare.maintenance.windows import Pauses, windows_between
from hypercare.outcome.level import Level
from hypercare.plan.checklist import Checklist
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import clock_of

__all__ = ["Incident", "Incidents", "Noted", "Trouble", "UnknownIncident"]

_LOG = logging.getLogger(__name__)
# Clocks that run since longer ago have been told long since.
_PAUSES_BACK, _PAUSES_AHEAD = timedelta(days=40), timedelta(days=8)
# That it is still there is said by its being open.
_MERE_SIGHTS = frozenset({EventKind.SEEN, EventKind.HELD, EventKind.RELAPSED})
_LONGEST_STORY = 40
Decide = Callable[[IncidentState], tuple[Event, ...]]


class UnknownIncident(Exception):
    def __init__(self, number: int, *, open_only: bool = True) -> None:
        super().__init__(f"there is no {'open ' if open_only else ''}incident {number}")


class Noted(NamedTuple):
    """What a look made of the incidents: those open now, those that it resolved, and what people are to hear."""

    open: tuple[Incident, ...]
    resolved: tuple[Incident, ...]
    changes: tuple[IncidentChange, ...]


class Incidents:
    """What is open, what was, and what is to be told of it. Every instant is aware, of the target's own clock."""

    def __init__(self, history: History, config: TargetConfig, checklist: Checklist | None = None) -> None:
        self._history = history
        self._config = config
        self._checklist = config.plan if checklist is None else checklist
        self.terms = Terms.of(config)

    def _terms(self, at: datetime) -> Terms:
        """The terms with the maintenance around an instant, during which clocks stand."""
        windows = windows_between(self._history, self._config, at - _PAUSES_BACK, at + _PAUSES_AHEAD)
        return replace(self.terms, pauses=Pauses(tuple(windows), self._checklist))

    def open(self, now: datetime | None = None) -> tuple[Incident, ...]:
        """Open incidents, the most urgent first; `now` decides who is on call."""
        at = now or clock_of(self._config)
        with self._history.reading() as connection:
            incidents = Ledger(connection, self._history.target).open_or_resolved_since()
        return self._by_urgency((one for one in incidents if one.state.is_open), at)

    def all(self, now: datetime | None = None) -> tuple[Incident, ...]:
        """Every incident there ever was, the newest first."""
        at = now or clock_of(self._config)
        with self._history.reading() as connection:
            incidents = Ledger(connection, self._history.target).all()
        return tuple(self._incident(one, at) for one in reversed(incidents))

    def over_since(self, since: datetime, now: datetime) -> tuple[Incident, ...]:
        """What was resolved since an instant and is over, the newest first."""
        with self._history.reading() as connection:
            incidents = Ledger(connection, self._history.target).open_or_resolved_since(since)
        over = [self._incident(one, now) for one in incidents if not one.state.is_open]
        return tuple(sorted(over, key=lambda one: (one.resolved or now, int(one.id)), reverse=True))

    def one(self, number: int, now: datetime | None = None) -> Incident:
        """One incident with its story.

        Raises:
            UnknownIncident: there is none of that number.
        """
        found = self.stories([number], now)
        if not found:
            raise UnknownIncident(number, open_only=False)
        return found[0]

    def stories(self, numbers: Collection[int], now: datetime | None = None) -> tuple[Incident, ...]:
        """Those of these incidents that there are, each with its story, by number."""
        at = now or clock_of(self._config)
        return tuple(self._incident(one, at, story=_story(one.events)) for one in self._numbered(numbers))

    def events_of(self, number: int) -> tuple[Event, ...]:
        """Everything that happened to one incident, mere sights too.

        Raises:
            UnknownIncident: there is none of that number.
        """
        for one in self._numbered([number]):
            return one.events
        raise UnknownIncident(number, open_only=False)

    def _numbered(self, numbers: Collection[int]) -> list[StoredIncident]:
        with self._history.reading() as connection:
            return Ledger(connection, self._history.target).numbered(numbers)

    def note_round(self, troubles: Sequence[Trouble], passed_items: Iterable[str], at: datetime) -> Noted:
        """Take in what a round saw: failures that were tried again, and the items that held.

        Troubles open an incident, open one again that was over, or refresh the open one of the same cause. What holds
        brings others nearer to their end.
        """
        passing = frozenset(passed_items)
        with self._batch(at) as batch:
            for trouble in troubles:
                batch.see(trouble)
            seen_causes = {trouble.cause for trouble in troubles}
            batch.at_the_others(seen_causes, lambda state: recovery_events(state, passing, at, self.terms))
        return self._noted(batch)

    def note_samples(self, outcomes: Sequence[ProbeOutcome], at: datetime) -> Noted:
        """Take in what a prober saw. Its samples are to be in the history already: several of the last must agree."""
        with self._batch(at) as batch:
            place = Place(batch.ledger.connection, self._history.target, self._checklist)
            troubles = troubles_of_probes(place, outcomes, at, self.terms)
            for trouble in troubles:
                batch.see(trouble, probed=True)
            passing = passing_of(outcomes, self._checklist)
            batch.at_the_others(
                {trouble.cause for trouble in troubles},
                lambda state: recovery_events(state, passing, at, self.terms, probed=True),
            )
        return self._noted(batch)

    def overdue(self, now: datetime) -> tuple[IncidentChange, ...]:
        """What the passing of time makes of open incidents: late, reminded, or over. Each is recorded and told once."""
        terms = self._terms(now)
        with self._batch(now) as batch:
            batch.at_the_others(set(), lambda state: settled(state, now, terms))
            batch.at_the_others(set(), lambda state: overdue_events(state, now, terms))
            self._close_what_is_answered(batch)
        return self._noted(batch).changes

    def changes_since(self, event: int, now: datetime) -> tuple[IncidentChange, ...]:
        """Every change after that event, so that what a broken process recorded and did not tell can be told."""
        with self._history.reading() as connection:
            ledger = Ledger(connection, self._history.target)
            added = [(number, one) for number, one in ledger.events_after(event) if _is_told(one)]
            by_number = {one.id: one for one in ledger.numbered({number for number, _ in added})}
        return tuple(self._change(by_number[number], one, now) for number, one in added)

    def acknowledge(self, number: int, by: str, note: str, at: datetime) -> IncidentChange:
        """Say who is on it.

        Raises:
            UnknownIncident: none of that number is open.
        """
        return self._add_by_person(number, EventKind.ACKNOWLEDGED, by, note, at)

    def resolve(self, number: int, by: str, note: str, at: datetime) -> IncidentChange:
        """Say that it is over. If it is seen again it opens again, whoever said so.

        Raises:
            UnknownIncident: none of that number is open.
        """
        return self._add_by_person(number, EventKind.RESOLVED, by, note, at)

    def note(self, number: int, by: str, text: str, at: datetime) -> None:
        """Write something down beside an incident, be it open or over.

        Raises:
            UnknownIncident: there is none of that number.
        """
        self._add(number, EventKind.NOTED, by, text, at, open_only=False)

    def on_call(self, level: Level, at: datetime) -> str:
        """Who is called for a level at that instant, in words."""
        return self.terms.who(level, at)

    def _add_by_person(self, number: int, kind: EventKind, by: str, note: str, at: datetime) -> IncidentChange:
        incident = self._add(number, kind, by, note, at, open_only=True)
        with self._batch(at) as batch:
            self._close_what_is_answered(batch)
        return self._change(incident, incident.events[-1], at)

    def _add(
        self, number: int, kind: EventKind, by: str, note: str, at: datetime, *, open_only: bool
    ) -> StoredIncident:
        with self._history.writing() as connection:
            ledger = Ledger(connection, self._history.target)
            incident = next(iter(ledger.numbered([number])), None)
            if incident is None or (open_only and not incident.state.is_open):
                raise UnknownIncident(number, open_only=open_only)
            draft = Draft(incident.state, at)
            draft.add(kind, by=by, note=note)
            added = ledger.add(incident, draft.finished())
        assert added is not None
        _log_event(added, added.events[-1])
        return added

    def _close_what_is_answered(self, batch: _EventBatch) -> None:
        others = [one for one in batch.incidents.values() if one.state.cause != UNANSWERED]
        if not any(self._incident(one, batch.at).is_late(batch.at) for one in others):
            batch.at_the_others(set(), lambda state: over_when_answered(state, batch.at))

    @contextmanager
    def _batch(self, at: datetime) -> Iterator[_EventBatch]:
        with self._history.writing() as connection:
            yield _EventBatch(Ledger(connection, self._history.target), at, self.terms)

    def _noted(self, batch: _EventBatch) -> Noted:
        over = [one for one in batch.incidents.values() if _ended(one, batch.added)]
        for number, event in batch.added:
            _log_event(batch.incidents[number], event)
        return Noted(
            open=self._by_urgency((one for one in batch.incidents.values() if one.state.is_open), batch.at),
            resolved=tuple(self._incident(one, batch.at) for one in over),
            changes=tuple(
                self._change(batch.incidents[number], event, batch.at)
                for number, event in batch.added
                if _is_told(event)
            ),
        )

    def _change(self, incident: StoredIncident, event: Event, now: datetime) -> IncidentChange:
        return IncidentChange(
            event=event.id,
            kind=ChangeKind(event.kind.value),
            incident=self._incident(incident, now),
            at=event.at,
            notified=tuple(Level(level) for level in event.says("told")),
            by=event.by,
            note=event.note if event.by else "",
            found=event.note if event.kind is EventKind.FOUND else "",
        )

    def _terms_about(self, state: IncidentState, now: datetime) -> Terms:
        if not state.is_open:
            return self.terms
        return self._terms(now).about(state.items, state.branches)

    def _by_urgency(self, incidents: Iterable[StoredIncident], at: datetime) -> tuple[Incident, ...]:
        found = [self._incident(one, at) for one in incidents]
        return tuple(sorted(found, key=lambda one: (-int(one.level[1]), one.opened, one.id)))

    def _incident(self, incident: StoredIncident, now: datetime, **more: Any) -> Incident:
        state = incident.state
        return state.as_incident(
            id=incident.id,
            respond_by=self._terms_about(state, now).due(state.clock_level, state.clock_started),
            respond_within_s=self.terms.levels[state.clock_level].respond_within.total_seconds(),
            who=self.terms.who(state.level, now),
            **more,
        )


class _EventBatch:
    """One look at the incidents of a target within one transaction, and the events that it added."""

    def __init__(self, ledger: Ledger, at: datetime, terms: Terms) -> None:
        self.ledger = ledger
        self.at = at
        self.terms = terms
        self.incidents = {one.id: one for one in ledger.open_or_resolved_since(at - terms.rules.reopen_within)}
        self.added: list[tuple[int, Event]] = []

    def see(self, trouble: Trouble, *, probed: bool = False) -> None:
        incident = self._of_cause(trouble.cause)
        self._add(
            incident, failure_events(incident.state if incident else None, trouble, self.at, self.terms, probed=probed)
        )

    def at_the_others(self, seen_causes: set[str], decide: Decide) -> None:
        """Ask of each open incident, but for those just seen, what becomes of it."""
        for incident in list(self.incidents.values()):
            if incident.state.is_open and incident.state.cause not in seen_causes:
                self._add(incident, decide(incident.state))

    def _of_cause(self, cause: str) -> StoredIncident | None:
        """The open incident of a cause, else the one that was over last, recently enough to be the same."""
        same = [one for one in self.incidents.values() if one.state.cause == cause]
        return max(same, key=lambda one: (one.state.is_open, one.state.resolved or self.at, one.id), default=None)

    def _add(self, incident: StoredIncident | None, events: Sequence[Event]) -> None:
        before = len(incident.events) if incident else 0
        now = self.ledger.add(incident, events)
        if now is not None and events:
            self.incidents[now.id] = now
            self.added += [(now.id, event) for event in now.events[before:]]


def _story(events: Sequence[Event]) -> list[IncidentEvent]:
    """What happened but for mere sights; the newest where that is much."""
    return [event.in_words() for event in events if event.kind not in _MERE_SIGHTS][-_LONGEST_STORY:]


def _log_event(incident: StoredIncident, event: Event) -> None:
    by = f" by {event.by}" if event.by else ""
    level = logging.DEBUG if event.kind is EventKind.SEEN else logging.INFO
    _LOG.log(
        level,
        "incident %d %s%s at %s: %s",
        incident.id,
        event.kind.value,
        by,
        event.level.value,
        incident.state.sentence,
    )


def _is_told(event: Event) -> bool:
    return event.kind.value in set(ChangeKind) and not event.detail.get("quiet")


def _ended(incident: StoredIncident, added: Sequence[tuple[int, Event]]) -> bool:
    return not incident.state.is_open and any(number == incident.id for number, _ in added)
