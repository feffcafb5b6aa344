"""Whatever happens, in whatever order, an incident keeps to its laws."""

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hypercare.escalation.changes import TOLD, Draft
from hypercare.escalation.events import Event, EventKind
from hypercare.escalation.incident import IncidentState, state_of, with_events
from hypercare.escalation.lateness import overdue
from hypercare.escalation.on_failure import failure_events, next_level
from hypercare.escalation.on_recovery import recovery_events, settled
from hypercare.escalation.terms import Terms
from hypercare.escalation.troubles import Spread
from hypercare.outcome.level import Level
from tests.escalation.incidents_of_a_shop import NINE, config_with, trouble

TERMS = Terms.of(config_with())
ITEMS = ("a.b", "c.d")
PERSONS = {EventKind.ACKNOWLEDGED, EventKind.RESOLVED}
ENDS_AN_ANSWER = {EventKind.REOPENED, EventKind.RAISED}


@dataclass(frozen=True)
class Step:
    """Something that happens `minutes` after what came before it."""

    what: str
    minutes: int
    level: Level = Level.L1
    spread: Spread = Spread.ONE
    items: frozenset[str] = frozenset(ITEMS)
    probed: bool = False


STEPS = st.builds(
    Step,
    what=st.sampled_from(["see", "see", "hold", "hold", "time", "ack", "resolve"]),
    minutes=st.one_of(st.integers(0, 20), st.integers(0, 3000)),
    level=st.sampled_from(list(Level)),
    spread=st.sampled_from(list(Spread)),
    items=st.sets(st.sampled_from(ITEMS), min_size=1).map(frozenset),
    probed=st.booleans(),
)


def events_of(step: Step, state: IncidentState | None, at) -> tuple[Event, ...]:
    items = tuple(sorted(step.items))
    if step.what == "see":
        return failure_events(
            state, trouble("outage:x", step.level, items, spread=step.spread), at, TERMS, probed=step.probed
        )
    if state is None:
        return ()
    if step.what == "hold":
        return recovery_events(state, step.items, at, TERMS, probed=step.probed)
    if step.what == "time":
        return settled(state, at, TERMS) or overdue(state, at, TERMS)
    if not state.is_open:
        return ()
    draft = Draft(state, at)
    draft.add(EventKind.ACKNOWLEDGED if step.what == "ack" else EventKind.RESOLVED, by="Mara")
    return draft.finished()


def lived(steps):
    """Each step with the state before it, its instant, what it added, and the state after it."""
    at, state, events = NINE, None, ()
    for step in steps:
        at += timedelta(minutes=step.minutes)
        added = events_of(step, state, at)
        events += added
        before, state = state, (state_of(events) if events else None)
        if state is not None:
            yield step, before, at, added, state


LIVES = st.lists(STEPS, min_size=1, max_size=30)


@settings(deadline=None, max_examples=60)
@given(LIVES)
def test_a_level_never_falls_while_it_is_open(steps):
    for _, before, _, added, state in lived(steps):
        if before is not None and before.is_open:
            assert state.level >= before.level
        assert all(event.level <= state.level for event in added)


@settings(deadline=None, max_examples=60)
@given(LIVES)
def test_of_each_look_people_hear_once_at_most_and_at_the_level_it_has_then(steps):
    for _, _, _, added, state in lived(steps):
        heard = [event for event in added if event.kind in TOLD and not event.detail.get("quiet")]
        assert len(heard) <= 1
        for event in heard:
            assert set(event.says("told")) <= set(state.notified)
            assert state.level.value in event.says("told")


@settings(deadline=None, max_examples=60)
@given(LIVES)
def test_it_is_over_only_when_all_of_it_held_and_for_long_enough_or_when_somebody_says_so(steps):
    down = NINE
    for step, before, at, added, state in lived(steps):
        if step.what == "see":
            down = at
        if any(event.kind is EventKind.RESOLVED and not event.by for event in added):
            assert (state.failing, before.is_open) == ((), True)
            assert not before.probed or at - before.last_seen >= TERMS.rules.hold
            assert not before.flapping or at - down >= TERMS.rules.steady_after


@settings(deadline=None, max_examples=60)
@given(LIVES)
def test_an_answer_stands_until_it_comes_back_or_other_people_must_act(steps):
    for _, before, _, added, state in lived(steps):
        if before is not None and before.acknowledged is not None and state.acknowledged is None:
            assert {event.kind for event in added} & ENDS_AN_ANSWER


@settings(deadline=None, max_examples=60)
@given(LIVES)
def test_lateness_is_told_only_of_what_is_unanswered_and_to_each_level_once(steps):
    for _, before, at, added, _ in lived(steps):
        for event in added:
            if event.kind is EventKind.LATE:
                assert before.acknowledged is None and before.is_open and before.holding_since is None
                asked = before.late[-1].level if before.late else before.clock_level
                since = before.late[-1].at if before.late else before.clock_started
                assert at > TERMS.due(asked, since)
                assert next_level(asked).value in event.says("told")
                assert asked not in {one.level for one in before.late[:-1]}


@settings(deadline=None, max_examples=60)
@given(LIVES)
def test_while_it_flaps_nobody_hears_that_it_comes_and_goes(steps):
    for _, before, _, added, _ in lived(steps):
        if before is not None and before.flapping:
            kinds = {event.kind for event in added if not event.detail.get("quiet")}
            assert not kinds & {EventKind.REOPENED, EventKind.FLAPPING, EventKind.OPENED}


@settings(deadline=None, max_examples=60)
@given(LIVES)
def test_the_passing_of_time_is_told_once_however_often_it_is_looked_at(steps):
    for _, _, at, _, state in lived(steps):
        first = settled(state, at, TERMS) or overdue(state, at, TERMS)
        again = with_events(state, first)
        assert (settled(again, at, TERMS), overdue(again, at, TERMS)) == ((), ()) or not first
