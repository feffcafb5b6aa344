"""A trouble was seen: what that makes of its incident."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from hypercare.escalation.changes import Draft
from hypercare.escalation.events import Event, EventKind
from hypercare.escalation.incident import IncidentState
from hypercare.escalation.terms import Terms
from hypercare.escalation.troubles import OF_ITEM, Spread, Trouble
from hypercare.outcome.level import Level


def failure_events(
    state: IncidentState | None, trouble: Trouble, at: datetime, terms: Terms, *, probed: bool = False
) -> tuple[Event, ...]:
    """Open an incident, refresh the open one, or open one again that was over.

    `probed` says that a prober saw it, who looks so often that not every sight is worth remembering.
    """
    draft = Draft(state, at)
    sight = _sight(trouble, terms, probed)
    level = _required_level(trouble.level, trouble.spread, terms)
    beginning = {**sight, "raised_for": ["spread"] if level > trouble.level else []}
    if state is None:
        draft.add(EventKind.OPENED, level, note=trouble.sentence, cause=trouble.cause, **beginning)
        return draft.finished()
    kind = _kind_of_sight(state)
    if kind is EventKind.REOPENED:
        draft.add(kind, level, note=trouble.sentence, **beginning)
    elif probed and kind is EventKind.SEEN and not _is_news(state, trouble, at, terms):
        return ()
    else:
        draft.add(kind, note=trouble.sentence, **sight)
        _tell_what_is_new(draft, state, trouble)
    _raise_for_what_is_seen(draft, trouble, terms)
    if kind is not EventKind.SEEN:
        _raise_for_recurrence(draft, terms)
        _recognise_flapping(draft, terms)
    return draft.finished()


def _tell_what_is_new(draft: Draft, before: IncidentState, trouble: Trouble) -> None:
    """No finding hides another: what a check finds for the first time beside an open incident is told.

    Not where the findings name one cause: those are the same trouble in other words.
    """
    if not trouble.cause.startswith(OF_ITEM):
        return
    checks_before = {key.partition(" ")[2] for key in before.checks_seen}
    new = {sentence: None for key, sentence in trouble.findings.items() if key.partition(" ")[2] not in checks_before}
    if checks_before and new:
        draft.add(EventKind.FOUND, note=" ".join(new))


def _kind_of_sight(state: IncidentState) -> EventKind:
    if not state.is_open:
        return EventKind.REOPENED
    return EventKind.SEEN if state.holding_since is None else EventKind.RELAPSED


def _sight(trouble: Trouble, terms: Terms, probed: bool) -> dict[str, Any]:
    return {
        "items": list(trouble.items),
        "failing": list(trouble.must_hold),
        "blocked": list(trouble.blocked),
        "branches": list(trouble.branches),
        "gravity": _required_level(trouble.level, trouble.spread, terms).value,
        "probed": probed,
        "findings": dict(trouble.findings),
    }


def _is_news(state: IncidentState, trouble: Trouble, at: datetime, terms: Terms) -> bool:
    """Whether a prober's sight says more than the last one; it is also remembered now and then that it goes on."""
    news = (
        set(trouble.must_hold) <= set(state.probed)
        and set(trouble.blocked) <= set(state.blocked)
        and set(trouble.branches) <= set(state.branches)
        and _required_level(trouble.level, trouble.spread, terms) <= state.level
    )
    return not news or at - state.last_seen >= terms.rules.hold / 2


def _required_level(level: Level, spread: Spread, terms: Terms) -> Level:
    """The level that a trouble calls for by what it is and by how far it reaches."""
    least = {Spread.BRANCH: terms.rules.branch_level, Spread.ALL: terms.rules.all_level}
    return max(level, least.get(spread, level))


def _raise_for_what_is_seen(draft: Draft, trouble: Trouble, terms: Terms) -> None:
    reach = max(trouble.spread, _reach_of_outage(draft.state, terms))
    required = _required_level(trouble.level, reach, terms)
    if required > draft.state.level:
        raise_level(draft, required, "spread" if trouble.level < required else "gravity", terms)


def _reach_of_outage(state: IncidentState, terms: Terms) -> Spread:
    """One branch after the other, until it is all of them."""
    down = {branch for one in state.failing if (branch := one.partition("@")[2])}
    return Spread.ALL if len(terms.branches) > 1 and terms.branches <= down else Spread.ONE


def _raise_for_recurrence(draft: Draft, terms: Terms) -> None:
    state, rules = draft.state, terms.rules
    often = _lately(state.beginnings, draft.at, rules.recurrence_within) >= rules.recurrence_from
    if often and "recurrence" not in state.raised_for and state.level < rules.raised_at_most:
        raise_level(draft, next_level(state.level), "recurrence", terms)


def _recognise_flapping(draft: Draft, terms: Terms) -> None:
    state, rules = draft.state, terms.rules
    beginnings = (*state.beginnings, *state.relapsed)
    if not state.flapping and _lately(beginnings, draft.at, rules.flapping_within) >= rules.flapping_from:
        draft.add(EventKind.FLAPPING, times=_lately(beginnings, draft.at, rules.flapping_within))


def _lately(instants: Iterable[datetime], at: datetime, window: timedelta) -> int:
    return sum(at - instant <= window for instant in instants)


def raise_level(draft: Draft, level: Level, why: str, terms: Terms, *, restarts: bool | None = None) -> None:
    """Raise the level; whoever has taken it keeps it, unless other people act at the new level."""
    state = draft.state
    if restarts is None:
        restarts = state.acknowledged is None or not terms.same_people(state.level, level, draft.at)
    draft.add(EventKind.RAISED, level, why=why, was=state.level.value, restarts=restarts)


def next_level(level: Level) -> Level:
    """The level above; L3 has none and is its own."""
    levels = list(Level)
    return levels[min(levels.index(level) + 1, len(levels) - 1)]
