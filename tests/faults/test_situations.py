"""Situations that everybody who runs a business system will meet, each on a running server, each by its full rounds.

Nothing but what has to do with it may fail; what stands on something that is down may be blocked by it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from faultlab.catalogue import fault_named
from faultlab.injecting import inject
from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import Scope, items_of_round, run_checks
from faultlab.verdict import compare, noticed
from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.rounds import DAILY_ROUNDS, Round

# A round with its browser checks may take longer than a test usually does, on a machine that is busy.
pytestmark = pytest.mark.timeout(300)
CALM = ("--frozen", "--no-traffic")
CLOSED = {"health.web": Level.L3, "health.mobile": Level.L3, "health.api": Level.L3}


class Situation:
    """A running system that something happens to. Each round runs at its hour, on a system of its own."""

    def __init__(self, day: PreparedDay, folder: Path) -> None:
        self._day = day
        self._folder = folder

    def seen_by(
        self, chosen: Round, happens: Callable[[EmbeddedSystem], object], *, scope: Scope = Scope.EVERYTHING
    ) -> list[CheckResult]:
        """What the checks of a round say after something has happened."""
        with self._day.served(DAILY_ROUNDS[chosen], self._folder / chosen.value, *CALM) as system:
            happens(system)
            return run_checks(system.target_file, self._folder / "reports", scope=scope, items=items_of_round(chosen))


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


def test_stopped_web_server_in_the_morning(situation: Situation) -> None:
    results = situation.seen_by(Round.MORNING, EmbeddedSystem.stop)
    assert_noticed(results, CLOSED)
    assert blocked(results) == {"users.login"}


def test_stopped_web_server_at_midday(situation: Situation) -> None:
    results = situation.seen_by(Round.MIDDAY, EmbeddedSystem.stop)
    assert_noticed(results, {"ops.sales": Level.L3})
    assert blocked(results) >= {"ops.production-steps", "perf.mobile"}


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


UNREADABLE = pytest.mark.parametrize("happens", [_garbage, _moved_away, _forbidden])


@UNREADABLE
def test_unreadable_database_in_the_morning(situation: Situation, happens: Callable[[EmbeddedSystem], None]) -> None:
    results = situation.seen_by(Round.MORNING, happens)
    assert_noticed(results, {"health.database": Level.L3}, frozenset({"data.corruption", "health.logs"}))
    assert blocked(results) >= {"users.login", "users.active", "users.login-failures", "data.foreign-keys"}


@pytest.mark.parametrize(("chosen", "happens"), [(Round.MIDDAY, _garbage), (Round.EVENING, _moved_away)])
def test_unreadable_database_later_in_the_day(
    situation: Situation, chosen: Round, happens: Callable[[EmbeddedSystem], None]
) -> None:
    """The item that answers for the database is of the morning, so what these rounds say is what it blocks."""
    results = situation.seen_by(chosen, happens)
    assert_noticed(results, {})
    assert {result.blocked_by for result in results if result.outcome is Outcome.BLOCKED} == {"database"}


# -- a total is changed, a reference broken, a backup truncated -----------------------------------------------


@pytest.mark.parametrize(
    ("fault", "level"), [("sale-total-a-cent-more", Level.L2), ("sale-total-of-yesterday-less", Level.L3)]
)
def test_changed_total(situation: Situation, fault: str, level: Level) -> None:
    results = situation.seen_by(Round.EVENING, lambda system: inject(fault_named(fault), system.target_file))
    assert_noticed(results, {"verify.sales-totals": level})


@pytest.mark.parametrize("chosen", [Round.MORNING, Round.MIDDAY])
def test_changed_total_is_no_matter_of_the_other_rounds(situation: Situation, chosen: Round) -> None:
    fault = fault_named("sale-total-of-yesterday-less")
    results = situation.seen_by(chosen, lambda system: inject(fault, system.target_file), scope=Scope.STORED)
    assert_noticed(results, {})


@pytest.mark.parametrize("fault", ["payment-by-nobody", "line-to-no-product", "activity-of-nobody"])
def test_broken_reference(situation: Situation, fault: str) -> None:
    results = situation.seen_by(
        Round.MORNING, lambda system: inject(fault_named(fault), system.target_file), scope=Scope.STORED
    )
    assert_noticed(results, {"data.foreign-keys": Level.L3})


def test_broken_reference_and_critical_line_in_the_full_morning_round(situation: Situation) -> None:
    """Neither can hide the other, and no client knows of either."""

    def happen(system: EmbeddedSystem) -> None:
        inject(fault_named("payment-by-nobody"), system.target_file)
        _as_text(system)

    assert_noticed(situation.seen_by(Round.MORNING, happen), {"data.foreign-keys": Level.L3, "health.logs": Level.L3})


def test_truncated_backup(situation: Situation) -> None:
    fault = fault_named("backup-truncated")
    results = situation.seen_by(Round.EVENING, lambda system: inject(fault, system.target_file))
    assert_noticed(results, {"backup.completed": Level.L3, "backup.accessible": Level.L3})


# -- one critical line ----------------------------------------------------------------------------------------


def _say(system: EmbeddedSystem, line: str) -> None:
    with (system.state / "logs" / "app.jsonl").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _as_text(system: EmbeddedSystem) -> None:
    _say(system, "CRITICAL the card terminals do not answer")


def _as_json(at: Callable[[EmbeddedSystem], datetime]) -> Callable[[EmbeddedSystem], None]:
    def say(system: EmbeddedSystem) -> None:
        record = {"at": at(system).isoformat(), "level": "CRITICAL", "message": "the card terminals do not answer"}
        _say(system, json.dumps({"logger": "shop", "trace_id": "7a" * 16, **record}))

    return say


def _its_own_time(system: EmbeddedSystem) -> datetime:
    face = json.loads((system.state / "clock.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(face["set_to"])


CRITICAL_LINES = pytest.mark.parametrize(
    "happens",
    [_as_text, _as_json(_its_own_time), _as_json(lambda _: datetime.now(UTC))],
    ids=["text without a time", "JSON", "JSON with the real time"],
)


@CRITICAL_LINES
@pytest.mark.parametrize(
    ("chosen", "due"),
    [
        (Round.MORNING, {"health.logs": Level.L3}),
        (Round.MIDDAY, {"issues.error-logs": Level.L2}),
        (Round.EVENING, {"errors.review": Level.L2}),
    ],
    ids=["morning", "midday", "evening"],
)
def test_critical_line(
    situation: Situation, chosen: Round, due: Mapping[str, Level], happens: Callable[[EmbeddedSystem], None]
) -> None:
    assert_noticed(situation.seen_by(chosen, happens, scope=Scope.STORED), due)


# -- and nothing happens --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def living(day: PreparedDay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSystem]:
    """A healthy business in which people go on working while it is looked at."""
    with day.served(time(9), tmp_path_factory.mktemp("living") / "state") as system:
        yield system


def learns_from_rounds(result: CheckResult) -> bool:
    """Whether a check has nothing to say yet in the first round that there is."""
    return result.outcome is Outcome.NOT_COVERED and result.remedy.startswith("Nothing to mend: ")


@pytest.mark.parametrize("chosen", list(DAILY_ROUNDS), ids=lambda chosen: chosen.value)
def test_healthy_business_passes_every_round(
    living: EmbeddedSystem, tmp_path_factory: pytest.TempPathFactory, chosen: Round
) -> None:
    if chosen is not Round.MORNING:
        living.advance(f"{DAILY_ROUNDS[chosen]:%H:%M}")
    items = items_of_round(chosen)
    results = run_checks(living.target_file, tmp_path_factory.mktemp("reports"), scope=Scope.EVERYTHING, items=items)
    told = [
        f"{result.nodeid}: {result.sentence}"
        for result in results
        if result.outcome is not Outcome.PASSED and not learns_from_rounds(result)
    ]
    awaiting = {item for result in results if result.outcome is Outcome.AWAITING for item in result.items}
    assert {item for result in results for item in result.items} == set(items)
    assert awaiting == {item for item in items if item == "errors.fix-plan"}
    assert len(told) == len(awaiting), told
