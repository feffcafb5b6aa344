"""An incident: what it is for its readers and in summary.json, and its state as a pure function of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, ConfigDict, Field, PlainSerializer

from hypercare.escalation.events import Event, EventKind, IncidentEvent
from hypercare.outcome.level import Level
from hypercare.outcome.part import Part, writable

# More of them than anybody would call flapping; what comes and goes for weeks is not to grow without end.
_RELAPSES = 50
Number = Annotated[int, PlainSerializer(str, return_type=str)]


class Incident(Part):
    """One trouble over time; open until `resolved`.

    `level` is who acts, `gravity` what the failures themselves call for, before spread, recurrence or lateness raised
    it. `items` are all that it was ever seen in, `failing` what has not held since. `respond_by` is when the promise of
    the level runs out, counted anew when the incident comes back or is raised. An incident that is `flapping` comes and
    goes; `begun` is how often it began.
    """

    id: Number
    cause: str = ""
    level: Level
    sentence: str
    opened: AwareDatetime
    acknowledged: AwareDatetime | None = None
    resolved: AwareDatetime | None = None
    items: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    who: str = Field(default="", description="who has to answer at this level")
    respond_within_s: float = 0.0
    acknowledged_by: str = ""
    note: str = ""
    gravity: Level | None = Field(default=None, description="before recurrence or lateness raised the level")
    respond_by: AwareDatetime | None = None
    holding_since: AwareDatetime | None = Field(default=None, description="it holds, but not yet for long enough")
    resolved_by: str = Field(default="", description="the person who said that it is over; empty when it was seen")
    branches: tuple[str, ...] = ()
    flapping: bool = False
    begun: int = 1
    findings: tuple[str, ...] = Field(default=(), description="all its sentences, where there are several")
    story: tuple[IncidentEvent, ...] = Field(default=(), description="what happened to it, the newest last")
    last_seen: AwareDatetime | None = None
    failing: tuple[str, ...] = Field(default=(), description="what has not held since it was seen to fail")

    @property
    def is_open(self) -> bool:
        return self.resolved is None

    @property
    def is_felt(self) -> bool:
        """Whether it is open and was not seen to hold again: it still keeps somebody from something."""
        return self.is_open and self.holding_since is None

    @property
    def answer_due(self) -> datetime:
        """Until when somebody has to answer."""
        return self.respond_by or self.opened + timedelta(seconds=self.respond_within_s)

    def is_late(self, now: datetime) -> bool:
        """Whether nobody has answered although the promise of its level has run out, and it does not hold again."""
        return self.is_felt and self.acknowledged is None and self.answer_due < now


@dataclass(frozen=True)
class LatenessNotice:
    """That nobody had answered in time was told up to `level` at that instant."""

    level: Level
    at: datetime


class IncidentState(Incident):
    """What the events so far made of an incident, with what only escalation has to know of it.

    `clock_started` and `clock_level` are since when, and by which level's promise, an answer is awaited. `late` are the
    tellings that it did not come. `notified` are the levels that have heard of it. `beginnings` are the instants at
    which it opened or came back, `relapsed` those at which it failed again while it was only holding. `probed` is what
    of `failing` a prober saw down. `held_by_prober` says whose word it is that it holds. `last_word` is when somebody
    on it was last heard of or reminded. `sentences` are those that were found last, by "item check"; `checks_seen` all
    that found something since it began.
    """

    # A name that there is not would be lost without a word.
    model_config = ConfigDict(extra="forbid")

    id: Number = 0
    gravity: Level
    last_seen: AwareDatetime
    clock_started: AwareDatetime
    clock_level: Level
    probed: tuple[str, ...] = ()
    beginnings: tuple[datetime, ...] = ()
    relapsed: tuple[datetime, ...] = ()
    raised_for: tuple[str, ...] = ()
    last_word: datetime | None = None
    held_by_prober: bool = False
    late: tuple[LatenessNotice, ...] = ()
    notified: tuple[Level, ...] = ()
    sentences: Mapping[str, str] = Field(default_factory=dict)
    checks_seen: frozenset[str] = frozenset()

    def as_incident(self, **more: Any) -> Incident:
        """The incident for its readers; `more` is what its events do not tell: its number, who has to answer ..."""
        several = tuple(dict.fromkeys(self.sentences.values()))
        return Incident.model_validate({**dict(self), "findings": several if len(several) > 1 else (), **more})


def state_of(events: Iterable[Event]) -> IncidentState:
    """Fold the events of one incident, the first of which opened it."""
    state: IncidentState | None = None
    for event in events:
        state = after(state, event)
    assert state is not None
    return state


def with_events(state: IncidentState | None, events: Sequence[Event]) -> IncidentState | None:
    """The state with the events added; unchanged where there are none."""
    if state is None:
        return state_of(events) if events else None
    for event in events:
        state = after(state, event)
    return state


def after(state: IncidentState | None, event: Event) -> IncidentState:
    """The state once the event has happened."""
    if state is None:
        return _opened(event)
    changed = _CHANGES[event.kind](state, event)
    newly_notified = {Level(level) for level in event.says("told")} if not event.detail.get("quiet") else set()
    return _changed(changed, notified=tuple(sorted({*changed.notified, *newly_notified})))


def _changed(state: IncidentState, **changes: Any) -> IncidentState:
    return IncidentState.model_validate({**dict(state), **changes})


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
        beginnings=(event.at,),
        raised_for=event.says("raised_for"),
        notified=tuple(Level(level) for level in event.says("told")),
        sentences=_findings(event),
        checks_seen=frozenset(_findings(event)),
    )


def _findings(event: Event) -> dict[str, str]:
    return {key: writable(sentence) for key, sentence in (event.detail.get("findings") or {}).items()}


def _of_items(sentences: Mapping[str, str], items: Iterable[str]) -> dict[str, str]:
    chosen = set(items)
    return {key: sentence for key, sentence in sentences.items() if key.partition(" ")[0] in chosen}


def _seen_again(state: IncidentState, event: Event) -> IncidentState:
    failing, probed = event.says("failing"), bool(event.detail.get("probed"))
    return _changed(
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
        sentences={**_of_items(state.sentences, set(state.failing) - set(event.says("items"))), **_findings(event)},
        checks_seen=state.checks_seen | frozenset(_findings(event)),
    )


def _relapsed(state: IncidentState, event: Event) -> IncidentState:
    return _changed(_seen_again(state, event), relapsed=(*state.relapsed, event.at)[-_RELAPSES:])


def _reopened(state: IncidentState, event: Event) -> IncidentState:
    """What comes back is judged by what it is now: a small thing is not critical for having been so on Monday."""
    over = _changed(
        state,
        level=event.level,
        gravity=Level(event.detail.get("gravity", event.level)),
        failing=(),
        probed=(),
        blocked=(),
        branches=(),
        raised_for=event.says("raised_for"),
        resolved=None,
        resolved_by="",
        flapping=False,
        notified=(),
        sentences={},
        checks_seen=frozenset(),
    )
    begun = {"begun": state.begun + 1, "beginnings": (*state.beginnings, event.at)}
    return _unanswered(_changed(_seen_again(over, event), **begun), event.at)


def _unanswered(state: IncidentState, since: datetime) -> IncidentState:
    return _changed(
        state,
        acknowledged=None,
        acknowledged_by="",
        last_word=None,
        late=(),
        clock_started=since,
        clock_level=state.level,
    )


def _held(state: IncidentState, event: Event) -> IncidentState:
    failing = event.says("failing")
    probed = tuple(one for one in state.probed if one in failing)
    if failing:
        return _changed(state, failing=failing, probed=probed, sentences=_of_items(state.sentences, failing))
    by_prober = bool(event.detail.get("probed"))
    # What a prober saw down stays known until it is over: whoever says that it holds, it has to hold for a while.
    return _changed(state, failing=(), holding_since=state.holding_since or event.at, held_by_prober=by_prober)


def _raised(state: IncidentState, event: Event) -> IncidentState:
    raised = _changed(state, level=max(state.level, event.level), raised_for=_with(state.raised_for, (_why(event),)))
    return _unanswered(raised, event.at) if event.detail.get("restarts") else raised


def _why(event: Event) -> str:
    return str(event.detail.get("why", ""))


def _flapping(state: IncidentState, event: Event) -> IncidentState:
    return _changed(state, flapping=True)


def _acknowledged(state: IncidentState, event: Event) -> IncidentState:
    return _changed(
        state,
        acknowledged=event.at,
        acknowledged_by=event.by,
        last_word=event.at,
        note=event.note or state.note,
    )


def _noted(state: IncidentState, event: Event) -> IncidentState:
    return _changed(state, note=event.note, last_word=event.at)


def _late(state: IncidentState, event: Event) -> IncidentState:
    return _changed(
        state, late=(*state.late, LatenessNotice(max(Level(level) for level in event.says("told")), event.at))
    )


def _reminded(state: IncidentState, event: Event) -> IncidentState:
    if state.acknowledged is None:
        return _late(state, event)
    return _changed(state, last_word=event.at)


def _resolved(state: IncidentState, event: Event) -> IncidentState:
    return _changed(
        state,
        failing=(),
        probed=(),
        resolved=event.at,
        resolved_by=event.by,
        holding_since=None,
        flapping=False,
        note=event.note or state.note,
    )


_CHANGES: dict[EventKind, Callable[[IncidentState, Event], IncidentState]] = {
    EventKind.SEEN: _seen_again,
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


def _with(names: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *more)))
