"""Nobody answered in time, or whoever did has not been heard of since."""

from __future__ import annotations

from datetime import datetime

from hypercare.escalation.changes import Draft
from hypercare.escalation.events import Event, EventKind
from hypercare.escalation.incident import IncidentState, LatenessNotice
from hypercare.escalation.on_failure import next_level, raise_level
from hypercare.escalation.terms import Terms
from hypercare.escalation.troubles import UNANSWERED
from hypercare.outcome.level import Level


def overdue(state: IncidentState, now: datetime, terms: Terms) -> tuple[Event, ...]:
    """The next thing that lateness makes of an incident, if it is due; each is due once.

    Unanswered, it is told to the next level, whose own promise then runs from that telling, and so on; when nobody is
    left to be told, all of them are reminded. Answered, those who are on it are reminded. What holds is left alone.
    """
    if not state.is_open or state.holding_since is not None or state.cause == UNANSWERED:
        return ()
    terms = terms.about(state.items, state.branches)
    if terms.is_paused(now):
        return ()
    draft = Draft(state, now)
    if state.acknowledged is not None:
        _remind_who_took_it(draft, terms)
    elif not state.late:
        _tell_next_level(draft, state.clock_level, terms.due(state.clock_level, state.clock_started), terms)
    else:
        _tell_on(draft, state.late[-1], terms)
    return draft.finished()


def over_when_answered(state: IncidentState, now: datetime) -> tuple[Event, ...]:
    """That nobody had answered is over when no other incident waits for an answer any more.

    Nobody is told: whoever answered was, and the round that sees it now has not looked at the others again.
    """
    draft = Draft(state, now)
    if state.is_open and state.cause == UNANSWERED and state.last_seen < now:
        draft.add(EventKind.RESOLVED, quiet=True)
    return draft.finished()


def _remind_who_took_it(draft: Draft, terms: Terms) -> None:
    state = draft.state
    assert state.acknowledged is not None
    due = terms.remind_at(state.level, state.last_word or state.acknowledged)
    if draft.at >= due:
        draft.add(EventKind.REMINDED, told=[state.level.value], due=due.isoformat())


def _tell_next_level(draft: Draft, late_level: Level, due: datetime, terms: Terms) -> None:
    if draft.at <= due:
        return
    rules = terms.rules
    notified = sorted({*draft.state.notified, late_level, next_level(late_level)})
    draft.add(EventKind.LATE, told=[level.value for level in notified], due=due.isoformat(), asked=late_level.value)
    new_level = min(next_level(late_level), rules.raised_at_most)
    if new_level > draft.state.level:
        # The promise that was broken stays the one that is shown as broken.
        raise_level(draft, new_level, "lateness", terms, restarts=False)


def _tell_on(draft: Draft, last: LatenessNotice, terms: Terms) -> None:
    if next_level(last.level) is not last.level:
        _tell_next_level(draft, last.level, terms.due(last.level, last.at), terms)
        return
    due = terms.remind_at(last.level, last.at)
    if draft.at >= due:
        draft.add(EventKind.REMINDED, told=[level.value for level in draft.state.notified], due=due.isoformat())
