"""The state of an incident as a pure function of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from hypercare.escalation.event import Event, EventKind
from hypercare.outcome.level import Level

# More of them than anybody would call flapping; what comes and goes for weeks is not to grow without end.
_RELAPSES = 50


@dataclass(frozen=True)
class Told:
    """That nobody had answered in time was told up to `level` at that instant."""

    level: Level
    at: datetime


@dataclass(frozen=True)
class IncidentState:
    """What the events so far made of an incident.

    `clock_started` and `clock_level` are since when, and by which level's promise, an answer is awaited. `late` are the
    tellings that it did not come. `begun` are the instants at which it opened or came back, `relapsed` those at which
    it failed again while it was only holding. `probed` is what of `failing` a prober saw down. `held_by_prober` says
    whose word it is that it holds. `last_word` is when somebody on it was last heard of or reminded.
    `findings` are the sentences that were found last, by "item check"; `checks_seen` all that found something since it
    began.
    """

    cause: str
    level: Level
    gravity: Level
    sentence: str
    opened: datetime
    last_seen: datetime
    clock_started: datetime
    clock_level: Level
    items: tuple[str, ...]
    failing: tuple[str, ...]
    blocked: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    probed: tuple[str, ...] = ()
    begun: tuple[datetime, ...] = ()
    relapsed: tuple[datetime, ...] = ()
    raised_for: tuple[str, ...] = ()
    acknowledged: datetime | None = None
    acknowledged_by: str | None = None
    last_word: datetime | None = None
    holding_since: datetime | None = None
    held_by_prober: bool = False
    flapping: bool = False
    resolved: datetime | None = None
    resolved_by: str | None = None
    late: tuple[Told, ...] = ()
    told: tuple[Level, ...] = ()
    note: str | None = None
    findings: Mapping[str, str] = field(default_factory=dict)
    checks_seen: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.resolved is None


def state_of(events: Iterable[Event]) -> IncidentState:
    """Fold the events of one incident, the first of which opened it."""
    state: IncidentState | None = None
    for event in events:
        state = after(state, event)
    assert state is not None
    return state


def after(state: IncidentState | None, event: Event) -> IncidentState:
    """The state once the event has happened."""
    if state is None:
        return _opened(event)
    changed = _CHANGES[event.kind](state, event)
    told = {Level(level) for level in event.says("told")} if not event.detail.get("quiet") else set()
    return replace(changed, told=tuple(sorted({*changed.told, *told})))


def _opened(event: Event) -> IncidentState:
    return IncidentState(
        cause=str(event.detail["cause"]),
        level=event.level,
        gravity=Level(event.detail.get("gravity", event.level)),
        sentence=event.note,
        opened=event.at,
        last_seen=event.at,
        clock_started=event.at,
        clock_level=event.level,
        items=event.says("items"),
        failing=event.says("failing"),
        blocked=event.says("blocked"),
        branches=event.says("branches"),
        probed=event.says("failing") if event.detail.get("probed") else (),
        begun=(event.at,),
        raised_for=event.says("raised_for"),
        told=tuple(Level(level) for level in event.says("told")),
        findings=_findings(event),
        checks_seen=frozenset(_findings(event)),
    )


def _findings(event: Event) -> dict[str, str]:
    return dict(event.detail.get("findings") or {})


def _of_items(findings: Mapping[str, str], items: Iterable[str]) -> dict[str, str]:
    chosen = set(items)
    return {key: sentence for key, sentence in findings.items() if key.partition(" ")[0] in chosen}


def _seen(state: IncidentState, event: Event) -> IncidentState:
    failing, probed = event.says("failing"), bool(event.detail.get("probed"))
    return replace(
        state,
        sentence=event.note or state.sentence,
        gravity=max(state.gravity, Level(event.detail.get("gravity", state.gravity))),
        items=_with(state.items, event.says("items")),
        failing=_with(state.failing, failing),
        probed=_with(state.probed, failing) if probed else state.probed,
        # A prober does not know what its way keeps others from; what a round said of that stays.
        blocked=_with(state.blocked, event.says("blocked")) if probed else event.says("blocked"),
        branches=_with(state.branches, event.says("branches")),
        last_seen=event.at,
        holding_since=None,
        held_by_prober=False,
        findings={**_of_items(state.findings, set(state.failing) - set(event.says("items"))), **_findings(event)},
        checks_seen=state.checks_seen | frozenset(_findings(event)),
    )


def _relapsed(state: IncidentState, event: Event) -> IncidentState:
    return replace(_seen(state, event), relapsed=(*state.relapsed, event.at)[-_RELAPSES:])


def _reopened(state: IncidentState, event: Event) -> IncidentState:
    """What comes back is judged by what it is now: a small thing is not critical for having been so on Monday."""
    over = replace(
        state,
        level=event.level,
        gravity=Level(event.detail.get("gravity", event.level)),
        failing=(),
        probed=(),
        blocked=(),
        branches=(),
        raised_for=event.says("raised_for"),
        resolved=None,
        resolved_by=None,
        flapping=False,
        told=(),
        findings={},
        checks_seen=frozenset(),
    )
    return _unanswered(replace(_seen(over, event), begun=(*state.begun, event.at)), event.at)


def _unanswered(state: IncidentState, since: datetime) -> IncidentState:
    return replace(
        state,
        acknowledged=None,
        acknowledged_by=None,
        last_word=None,
        late=(),
        clock_started=since,
        clock_level=state.level,
    )


def _held(state: IncidentState, event: Event) -> IncidentState:
    failing = event.says("failing")
    probed = tuple(one for one in state.probed if one in failing)
    if failing:
        return replace(state, failing=failing, probed=probed, findings=_of_items(state.findings, failing))
    by_prober = bool(event.detail.get("probed"))
    # What a prober saw down stays known until it is over: whoever says that it holds, it has to hold for a while.
    return replace(state, failing=(), holding_since=state.holding_since or event.at, held_by_prober=by_prober)


def _raised(state: IncidentState, event: Event) -> IncidentState:
    raised = replace(state, level=max(state.level, event.level), raised_for=_with(state.raised_for, (_why(event),)))
    return _unanswered(raised, event.at) if event.detail.get("restarts") else raised


def _why(event: Event) -> str:
    return str(event.detail.get("why", ""))


def _flapping(state: IncidentState, event: Event) -> IncidentState:
    return replace(state, flapping=True)


def _acknowledged(state: IncidentState, event: Event) -> IncidentState:
    return replace(
        state,
        acknowledged=event.at,
        acknowledged_by=event.by,
        last_word=event.at,
        note=event.note or state.note,
    )


def _noted(state: IncidentState, event: Event) -> IncidentState:
    return replace(state, note=event.note, last_word=event.at)


def _late(state: IncidentState, event: Event) -> IncidentState:
    return replace(state, late=(*state.late, Told(max(Level(level) for level in event.says("told")), event.at)))


def _reminded(state: IncidentState, event: Event) -> IncidentState:
    if state.acknowledged is None:
        return _late(state, event)
    return replace(state, last_word=event.at)


def _resolved(state: IncidentState, event: Event) -> IncidentState:
    return replace(
        state,
        failing=(),
        probed=(),
        resolved=event.at,
        resolved_by=event.by or None,
        holding_since=None,
        flapping=False,
        note=event.note or state.note,
    )


_CHANGES: dict[EventKind, Callable[[IncidentState, Event], IncidentState]] = {
    EventKind.SEEN: _seen,
    EventKind.HELD: _held,
    EventKind.RELAPSED: _relapsed,
    EventKind.RAISED: _raised,
    EventKind.FOUND: lambda state, event: state,
    EventKind.FLAPPING: _flapping,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.NOTED: _noted,
    EventKind.LATE: _late,
    EventKind.REMINDED: _reminded,
    EventKind.RESOLVED: _resolved,
    EventKind.REOPENED: _reopened,
}


def _with(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))
