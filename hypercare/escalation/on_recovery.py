"""What failed holds again: since when, and whether for long enough that the incident is over."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta

from hypercare.escalation.changes import Draft
from hypercare.escalation.events import Event, EventKind
from hypercare.escalation.incident import IncidentState
from hypercare.escalation.terms import Terms
from hypercare.escalation.troubles import OUTAGE


def recovery_events(
    state: IncidentState, passing: Set[str], at: datetime, terms: Terms, *, probed: bool = False
) -> tuple[Event, ...]:
    """Take in what was seen to hold.

    Rounds look at different items, so an incident is over when each of its items held in some round since, or when
    everything that it blocked did in one. A prober can say that an outage is over, whoever saw it, but not that a page
    is right; what it saw down has to hold for a while, as has whatever was flapping.
    """
    if not state.is_open:
        return ()
    draft = Draft(state, at)
    if state.holding_since is None:
        left = _left(state, passing, probed)
        if left == state.failing:
            return ()
        draft.add(EventKind.HELD, failing=list(left), probed=probed)
    elif not passing & {*state.probed, *state.items}:
        return ()
    _resolve_when_over(draft, terms)
    return draft.finished()


def settled(state: IncidentState, now: datetime, terms: Terms) -> tuple[Event, ...]:
    """What a round saw holding is over after a while without another look; a prober has to go on looking."""
    draft = Draft(state, now)
    if state.is_open and state.holding_since is not None and not state.held_by_prober:
        _resolve_when_over(draft, terms)
    return draft.finished()


def _left(state: IncidentState, passing: Set[str], probed: bool) -> tuple[str, ...]:
    if probed:
        taken_back = passing if state.cause.startswith(OUTAGE) else passing & set(state.probed)
        return tuple(one for one in state.failing if one not in taken_back)
    if state.blocked and not state.probed and set(state.blocked) <= passing:
        return ()
    return tuple(one for one in state.failing if one not in passing)


def _resolve_when_over(draft: Draft, terms: Terms) -> None:
    state = draft.state
    if state.holding_since is None:
        return
    # A prober knows since when it holds; a round only that it failed when it was last seen.
    since = state.holding_since if state.held_by_prober else state.last_seen
    if draft.at - since >= _wait(state, terms):
        draft.add(EventKind.RESOLVED)


def _wait(state: IncidentState, terms: Terms) -> timedelta:
    if state.flapping:
        return terms.rules.steady_after
    return terms.rules.hold if state.probed or state.held_by_prober else timedelta(0)
