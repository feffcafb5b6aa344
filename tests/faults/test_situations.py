"""Situations that everybody who runs a business system will meet, each on a running server, each by its full rounds.

Nothing but what has to do with it may fail; what stands on something that is down may be blocked by it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from faultlab.catalogue import fault_named
from faultlab.injecting import inject
from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import Scope, items_of_round, run_checks
from faultlab.verdict import compare, noticed
from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.adapters.demo.target_file import FILE_NAME
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import shipped
from hypercare.plan.item import Kind
from hypercare.plan.rounds import DAILY_ROUNDS, Round

# A round with its browser checks may take longer than a test usually does, on a machine that is busy.
pytestmark = pytest.mark.timeout(900)
CALM = ("--frozen", "--no-traffic")
CLOSED = {"health.web": Level.L3, "health.mobile": Level.L3, "health.api": Level.L3}


@dataclass(frozen=True)
class Unserved:
    """A system of which only what it stored is looked at."""

    state: Path
    target_file: Path


System = EmbeddedSystem | Unserved


class Situation:
    """A system that something happens to. Each round runs at its hour, on a system of its own."""

    def __init__(self, day: PreparedDay, folder: Path) -> None:
        self._day = day
        self._folder = folder

    def seen_by(self, chosen: Round, happens: Callable[[EmbeddedSystem], object]) -> list[CheckResult]:
        """What the checks of a round say after something has happened to a running system."""
        with self._day.served(DAILY_ROUNDS[chosen], self._folder / chosen.value, *CALM) as system:
            happens(system)
            items = items_of_round(chosen)
            return run_checks(system.target_file, self._folder / "reports", scope=Scope.EVERYTHING, items=items)

    def seen_in_what_is_stored(self, chosen: Round, happens: Callable[[Unserved], object]) -> list[CheckResult]:
        """What those checks of a round say that need no client, after something has happened."""
        state = self._folder / chosen.value
        happens(Unserved(state, self._day.copy(DAILY_ROUNDS[chosen], state)))
        items = items_of_round(chosen)
        return run_checks(state / FILE_NAME, self._folder / "reports", scope=Scope.STORED, items=items)


@pytest.fixture
def situation(day: PreparedDay, tmp_path: Path) -> Situation:
    return Situation(day, tmp_path)


def assert_noticed(results: Sequence[CheckResult], due: Mapping[str, Level], may: frozenset[str] = frozenset()) -> None:
    verdict = compare(due, may, results)
    assert verdict.right, str(verdict)


def blocked(results: Sequence[CheckResult]) -> set[str]:
    """The items of which nothing failed and something was blocked."""
    found = {item for result in results if result.outcome is Outcome.BLOCKED for item in result.items}
    return found - set(noticed(results))


# -- the web server is stopped --------------------------------------------------------------------------------


@pytest.mark.long
def test_stopped_web_server_in_the_morning(situation: Situation) -> None:
    results = situation.seen_by(Round.MORNING, EmbeddedSystem.stop)
    assert_noticed(results, CLOSED)
    assert blocked(results) == {"users.login"}


@pytest.mark.long
def test_stopped_web_server_at_midday(situation: Situation) -> None:
    results = situation.seen_by(Round.MIDDAY, EmbeddedSystem.stop)
    assert_noticed(results, {"ops.sales": Level.L3})
    assert blocked(results) >= {"ops.production-steps", "perf.mobile"}


@pytest.mark.long
def test_stopped_web_server_in_the_evening(situation: Situation) -> None:
    assert_noticed(situation.seen_by(Round.EVENING, EmbeddedSystem.stop), {})


# -- the database's file cannot be read -----------------------------------------------------------------------


def _garbage(system: EmbeddedSystem) -> None:
    file = system.state / "erp.sqlite"
    file.write_bytes(b"\x17garbage\x00" * (file.stat().st_size // 9))


def _moved_away(system: EmbeddedSystem) -> None:
    (system.state / "erp.sqlite").rename(system.state / "erp.sqlite.moved")


def _forbidden(system: EmbeddedSystem) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (system.state / "erp.sqlite").chmod(0)


@pytest.mark.long
@pytest.mark.parametrize("happens", [_garbage, pytest.param(_moved_away, marks=pytest.mark.proof), _forbidden])
def test_unreadable_database_in_the_morning(situation: Situation, happens: Callable[[EmbeddedSystem], None]) -> None:
    results = situation.seen_by(Round.MORNING, happens)
    assert_noticed(results, {"health.database": Level.L3}, frozenset({"data.corruption", "health.logs"}))
    assert blocked(results) >= {"users.login", "users.active", "users.login-failures", "data.foreign-keys"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("chosen", "happens"), [(Round.MIDDAY, _garbage), pytest.param(Round.EVENING, _moved_away, marks=pytest.mark.proof)]
)
def test_unreadable_database_later_in_the_day(
    situation: Situation, chosen: Round, happens: Callable[[EmbeddedSystem], None]
) -> None:
    """The item that answers for the database is of the morning, so what these rounds say is what it blocks."""
    results = situation.seen_by(chosen, happens)
    assert_noticed(results, {})
    assert {result.blocked_by for result in results if result.outcome is Outcome.BLOCKED} == {"database"}


# -- a total is changed, a reference broken, a backup truncated -----------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    ("fault", "level"),
    [
        pytest.param("sale-total-a-cent-more", Level.L2, marks=pytest.mark.proof),
        ("sale-total-of-yesterday-less", Level.L3),
    ],
)
def test_changed_total(situation: Situation, fault: str, level: Level) -> None:
    results = situation.seen_by(Round.EVENING, lambda system: inject(fault_named(fault), system.target_file))
    assert_noticed(results, {"verify.sales-totals": level})


@pytest.mark.long
@pytest.mark.parametrize("chosen", [pytest.param(Round.MORNING, marks=pytest.mark.proof), Round.MIDDAY])
def test_changed_total_is_no_matter_of_the_other_rounds(situation: Situation, chosen: Round) -> None:
    fault = fault_named("sale-total-of-yesterday-less")
    results = situation.seen_in_what_is_stored(chosen, lambda system: inject(fault, system.target_file))
    assert_noticed(results, {})


@pytest.mark.long
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("payment-by-nobody", marks=pytest.mark.proof),
        pytest.param("line-to-no-product", marks=pytest.mark.proof),
        pytest.param("activity-of-nobody", marks=pytest.mark.proof),
    ],
)
def test_broken_reference(situation: Situation, fault: str) -> None:
    results = situation.seen_in_what_is_stored(
        Round.MORNING, lambda system: inject(fault_named(fault), system.target_file)
    )
    assert_noticed(results, {"data.foreign-keys": Level.L3})


@pytest.mark.long
def test_broken_reference_and_critical_line_in_the_full_morning_round(situation: Situation) -> None:
    """Neither can hide the other, and no client knows of either."""

    def happen(system: EmbeddedSystem) -> None:
        inject(fault_named("payment-by-nobody"), system.target_file)
        _as_text(system)

    assert_noticed(situation.seen_by(Round.MORNING, happen), {"data.foreign-keys": Level.L3, "health.logs": Level.L3})


@pytest.mark.long
def test_truncated_backup(situation: Situation) -> None:
    fault = fault_named("backup-truncated")
    results = situation.seen_by(Round.EVENING, lambda system: inject(fault, system.target_file))
    assert_noticed(results, {"backup.completed": Level.L3, "backup.accessible": Level.L3})


# -- one critical line ----------------------------------------------------------------------------------------


def _say(system: System, line: str) -> None:
    with (system.state / "logs" / "app.jsonl").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _as_text(system: System) -> None:
    _say(system, "CRITICAL the card terminals do not answer")


def _as_json(at: Callable[[System], datetime]) -> Callable[[System], None]:
    def say(system: System) -> None:
        record = {"at": at(system).isoformat(), "level": "CRITICAL", "message": "the card terminals do not answer"}
        _say(system, json.dumps({"logger": "shop", "trace_id": "7a" * 16, **record}))

    return say


def _its_own_time(system: System) -> datetime:
    face = json.loads((system.state / "clock.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(face["set_to"])


HOW_SAID = {
    "text without a time": _as_text,
    "JSON": _as_json(_its_own_time),
    "JSON with the real time": _as_json(lambda _: datetime.now(UTC)),
}
NOTICED_AT = {
    Round.MORNING: {"health.logs": Level.L3},
    Round.MIDDAY: {"issues.error-logs": Level.L2},
    Round.EVENING: {"errors.review": Level.L2},
}
# One way of saying it in the morning; each round and each way once, and the other combinations, are left to
# `make prove`.
CRITICAL_LINES = [
    pytest.param(
        chosen,
        how,
        id=f"{chosen.value}-{how}",
        marks=pytest.mark.proof if of_round != of_way else [pytest.mark.long] if of_round else [],
    )
    for of_round, chosen in enumerate(NOTICED_AT)
    for of_way, how in enumerate(HOW_SAID)
]


@pytest.mark.parametrize(("chosen", "how"), CRITICAL_LINES)
def test_critical_line(situation: Situation, chosen: Round, how: str) -> None:
    assert_noticed(situation.seen_in_what_is_stored(chosen, HOW_SAID[how]), NOTICED_AT[chosen])


# -- and nothing happens --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def living(day: PreparedDay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSystem]:
    """A healthy business in which people go on working while it is looked at."""
    with day.served(time(9), tmp_path_factory.mktemp("living") / "state") as system:
        yield system


# What only probers and rounds of days before could tell, of which this business has none.
NEEDS_A_HISTORY = {"focus.downtime", "focus.stable"}
# What these look at it does not have: sheets handed in as files, and users of its database for one branch alone.
LOOK_AT_WHAT_IT_LACKS = {
    "test_sheets_handed_in_agree_with_the_sales",
    "test_sheets_of_the_floor_agree_with_the_production",
    "test_no_user_of_the_database_sees_another_branch",
}


def needs_what_is_not_there(result: CheckResult) -> bool:
    lacks_it = result.nodeid.rpartition("::")[2] in LOOK_AT_WHAT_IT_LACKS or set(result.items) <= NEEDS_A_HISTORY
    return result.outcome is Outcome.NOT_COVERED and lacks_it


def learns_from_rounds(result: CheckResult) -> bool:
    """Whether a check has nothing to say yet in the first round that there is."""
    return result.outcome is Outcome.NOT_COVERED and result.remedy.startswith("Nothing to mend: ")


@pytest.mark.long
@pytest.mark.parametrize("chosen", list(DAILY_ROUNDS), ids=lambda chosen: chosen.value)
def test_healthy_business_passes_every_round(
    living: EmbeddedSystem, tmp_path_factory: pytest.TempPathFactory, chosen: Round
) -> None:
    if chosen is not Round.MORNING:
        living.advance(f"{DAILY_ROUNDS[chosen]:%H:%M}")
    items = items_of_round(chosen)
    results = run_checks(living.target_file, tmp_path_factory.mktemp("reports"), scope=Scope.EVERYTHING, items=items)
    plan = shipped()
    # The embedded system tells nobody, and one round is no week.
    untold = {item.id for item in plan if item.id.startswith("escalation.")} | {gate.id for gate in plan.gates}
    told = [
        f"{result.nodeid}: {result.sentence}"
        for result in results
        if result.outcome is not Outcome.PASSED
        and not (learns_from_rounds(result) or needs_what_is_not_there(result))
        and not (result.outcome is Outcome.NOT_COVERED and untold.issuperset(result.items))
    ]
    awaiting = {item for result in results if result.outcome is Outcome.AWAITING for item in result.items}
    assert {item for result in results for item in result.items} == set(items)
    asked_once = {"focus.unused-features"} & set(items)
    # Nobody is asked who takes errors on where none keeps happening.
    asked = {item for item in items if plan[item].kind is Kind.ATTEST} - {"errors.fix-plan"}
    assert awaiting == asked | asked_once
    assert len(told) == len(awaiting), "\n".join(told)
