"""A round of a target is claimed before it runs, and happens once; a claim whose holder is gone is free again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import URL

from hypercare.history import tables
from hypercare.history.claims import (
    LEASE,
    Claim,
    Held,
    Occurrence,
    RanBefore,
    claim_round,
    occurrence_of,
    renew,
    settle,
)
from hypercare.history.forgetting import forget
from hypercare.history.instants import stored
from hypercare.history.runner import Runner, this_runner
from hypercare.history.store import History
from tests.history.remembering import ELSEWHERE, NINE, config_of, remember

MINUTE = timedelta(minutes=1)
ASKING = 4
DEAD = Runner("this machine", f"{this_runner().process.split()[0]} 4194304 1")


def morning(as_of: datetime = NINE) -> Occurrence:
    config = config_of()
    return occurrence_of(config, "morning", as_of)


def claim(history: History, runner: Runner = ELSEWHERE, as_of: datetime = NINE) -> Claim | Held | RanBefore:
    return claim_round(history, morning(as_of), runner, 3 * MINUTE)


def ours(history: History, runner: Runner = ELSEWHERE) -> Claim:
    made = claim(history, runner)
    assert isinstance(made, Claim)
    return made


def run_out(history: History) -> None:
    with history.writing() as connection:
        connection.execute(update(tables.claims).values(until=stored(datetime.now(UTC) - timedelta(seconds=1))))


def test_a_second_one_who_asks_is_told_who_holds_it_and_until_when(history: History) -> None:
    ours(history)
    held = claim(history)
    assert isinstance(held, Held) and held.until is not None
    assert held.machine == ELSEWHERE.machine
    assert timedelta(0) < held.until - datetime.now(UTC) <= LEASE


def test_a_claim_of_elsewhere_that_was_not_renewed_is_free_again(history: History) -> None:
    first = ours(history)
    run_out(history)
    assert isinstance(claim(history), Claim)
    assert not renew(history, first), "whoever wakes up later is told that it is another's by now"


def test_one_that_is_renewed_is_held_on(history: History) -> None:
    first = ours(history)
    run_out(history)
    assert renew(history, first)
    assert isinstance(claim(history), Held)


@pytest.mark.parametrize(("runner", "free"), [(DEAD, True), (this_runner(), False)], ids=["dead", "alive"])
def test_on_its_own_machine_the_process_tells_and_not_the_clock(history: History, runner: Runner, free: bool) -> None:
    ours(history, runner)
    if not free:
        run_out(history)
    assert isinstance(claim(history), Claim) is free


def test_a_round_that_ended_with_a_report_is_not_run_again(history: History) -> None:
    first = ours(history)
    remember(history, "r1", status="issues")
    assert settle(history, first, 1)
    assert claim(history) == RanBefore(1)


def test_one_that_left_no_report_is_free_for_the_next_who_comes(history: History) -> None:
    assert not settle(history, ours(history), 3)
    assert isinstance(claim(history), Claim)


def test_a_round_that_ran_without_any_claim_counts(history: History) -> None:
    remember(history, "r1", status="critical")
    assert claim(history) == RanBefore(None, "critical")


def test_a_round_that_runs_without_any_claim_is_left_alone_until_it_breaks_off(history: History) -> None:
    remember(history, "r1", status=None, as_of=datetime.now(UTC), runner=this_runner())
    assert claim(history, as_of=datetime.now(UTC)) == Held(this_runner().machine, None)


def test_a_killed_round_of_a_claim_holds_nobody_up_for_longer_than_its_claim(history: History) -> None:
    """By its silence alone it would be waited for longer than the longest check."""
    now = datetime.now(UTC)
    assert isinstance(claim(history, as_of=now), Claim)
    remember(history, "r1", status=None, as_of=now, runner=ELSEWHERE)
    run_out(history)
    assert isinstance(claim(history, as_of=now), Claim)


def test_a_round_of_some_items_only_stands_for_none(history: History) -> None:
    remember(history, "r1", partial=True)
    assert isinstance(claim(history), Claim)


def test_another_day_another_round_and_another_target_are_others(place: URL, history: History) -> None:
    ours(history)
    other = History(place, "another shop")
    midday = replace(morning(), round="midday")
    assert isinstance(claim(history, as_of=NINE + timedelta(days=1)), Claim)
    assert isinstance(claim_round(history, midday, ELSEWHERE, MINUTE), Claim)
    assert isinstance(claim(other), Claim)
    other.close()


@pytest.mark.parametrize(
    ("due", "clock", "expected"),
    [
        ("09:00", NINE, (date(2026, 1, 15), 1)),
        ("09:00", NINE.replace(hour=5), (date(2026, 1, 15), 1)),
        ("0 9,15 * * *", NINE, (date(2026, 1, 15), 1)),
        ("0 9,15 * * *", NINE.replace(hour=14), (date(2026, 1, 15), 2)),
        ("23:50", NINE.replace(hour=23, minute=10), (date(2026, 1, 15), 1)),
        ("0 9 * * 1", NINE, (date(2026, 1, 15), 0)),
    ],
    ids=["on time", "early", "first of two", "second of two", "late, after midnight", "due on other days only"],
)
def test_which_happening_a_round_is(due: str, clock: datetime, expected: tuple[date, int]) -> None:
    config = config_of(rounds={"due": {"morning": due}})
    found = occurrence_of(config, "morning", clock)
    assert (found.day, found.nth) == expected


def test_old_claims_do_not_pile_up(history: History) -> None:
    for days in range(30):
        claim(history, as_of=NINE + timedelta(days=days))
    with history.reading() as connection:
        assert len(connection.execute(select(tables.claims.c.day)).all()) == 9


def test_what_is_forgotten_may_be_run_again(history: History) -> None:
    remember(history, "r1")
    settle(history, ours_after(history), 0)
    forget(history, NINE - MINUTE)
    assert isinstance(claim(history), Claim)


def ours_after(history: History) -> Claim:
    made = Claim(morning())
    row = {"target": "shop", "round": "morning", "day": made.occurrence.day, "nth": 1, "token": made.token}
    with history.writing() as connection:
        connection.execute(tables.claims.insert().values(**row, machine="m", process="p", until=stored(NINE)))
    return made


def _claim_and_say(place: URL, said: Path) -> None:
    history = History(place, "shop")
    if isinstance(claim_round(history, morning(), this_runner(), MINUTE), Claim):
        with said.open("a") as file:
            file.write("mine\n")
    # The claim of a process that has ended would be free again.
    said.with_suffix(f".{this_runner().process.split()[1]}").touch()
    while len(list(said.parent.glob("said.*"))) < ASKING:
        time.sleep(0.01)
    history.close()


def test_of_several_that_ask_at_once_one_gets_it(place: URL, tmp_path: Path, at_once: Callable[..., None]) -> None:
    at_once(_claim_and_say, [(place, tmp_path / "said")] * ASKING)
    assert (tmp_path / "said").read_text() == "mine\n"
