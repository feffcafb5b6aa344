"""What failed holds again: since when, and whether for long enough that the incident is over."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta

from hypercare.escalation.draft import Draft
from hypercare.escalation.event import Event, EventKind
from hypercare.escalation.incident_state import Life
from hypercare.escalation.terms import Terms
from hypercare.escalation.trouble import OUTAGE


def held(life: Life, holding: Set[str], at: datetime, terms: Terms, *, probed: bool = False) -> tuple[Event, ...]:
    """Take in what was seen to hold.

    Rounds look at different items, so an incident is over when each of its items held in some round since, or when
    everything that it blocked did in one. A prober can say that an outage is over, whoever saw it, but not that a page
    is right; what it saw down has to hold for a while, as has whatever was flapping.
    """
    if not life.is_open:
        return ()
    draft = Draft(life, at)
    if life.holding_since is None:
        left = _left(life, holding, probed)
        if left == life.failing:
            return ()
        draft.add(EventKind.HELD, failing=list(left), probed=probed)
    elif not holding & {*life.probed, *life.items}:
        return ()
    _resolve_when_over(draft, terms)
    return draft.finished()


def settled(life: Life, now: datetime, terms: Terms) -> tuple[Event, ...]:
    """What a round saw holding is over after a while without another look; a prober has to go on looking."""
    draft = Draft(life, now)
    if life.is_open and life.holding_since is not None and not life.held_by_prober:
        _resolve_when_over(draft, terms)
    return draft.finished()


def _left(life: Life, holding: Set[str], probed: bool) -> tuple[str, ...]:
    if probed:
        taken_back = holding if life.cause.startswith(OUTAGE) else holding & set(life.probed)
        return tuple(one for one in life.failing if one not in taken_back)
    if life.blocked and not life.probed and set(life.blocked) <= holding:
        return ()
    return tuple(one for one in life.failing if one not in holding)


def _resolve_when_over(draft: Draft, terms: Terms) -> None:
    life = draft.life
    if life.holding_since is None:
        return
    # A prober knows since when it holds; a round only that it failed when it was last seen.
    since = life.holding_since if life.held_by_prober else life.last_seen
    if draft.at - since >= _wait(life, terms):
        draft.add(EventKind.RESOLVED)


def _wait(life: Life, terms: Terms) -> timedelta:
    if life.flapping:
        return terms.rules.steady_after
    return terms.rules.hold if life.probed or life.held_by_prober else timedelta(0)
