"""What the history answers: rounds that were, an item over time, items that are not steady, a check's earlier ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, case, distinct, func, select

from hypercare.history import tables
from hypercare.history.broken_rounds import has_broken_off
from hypercare.history.instants import instant_of, instant_or_none, stored
from hypercare.history.store import History
from hypercare.outcome.outcome import Outcome, weightiest
from hypercare.plan.calendar import Period

_LOOKED_BACK_ON = 60
# On so many days: three rounds of the first one tell nothing of the days to come.
_LEAST_DAYS_PASSED = 5
_OVER = {Outcome.PASSED, Outcome.FLAKY}
End = tuple[str, Outcome]  # the instant, as it is stored, and how an item ended


@dataclass(frozen=True)
class PastRound:
    """`state` is "finished", "running" or "broke off"; `expected` is None where it was never known.

    `ended` are the checks that ended, `items` those that they answer for, `failed` the items that failed.
    """

    id: str
    round: str
    day: date
    as_of: datetime
    started: datetime
    finished: datetime | None
    status: str | None
    state: str
    machine: str
    expected: int | None
    ended: int
    items: int
    failed: int


@dataclass(frozen=True)
class PastItem:
    """How an item ended in one round, by its weightiest check."""

    round: str
    day: date
    as_of: datetime
    outcome: Outcome
    level: str
    sentence: str
    count: int | None
    duration_s: float
    check: str


@dataclass(frozen=True)
class UnsteadyItem:
    """`flaky`: rounds in which it failed and held when tried again. `blips`: rounds in which it failed for good, though
    it held in the round before and in the round after. `last` is the newest of them."""

    item: str
    rounds: int
    flaky: int
    blips: int
    last: datetime

    @property
    def share(self) -> float:
        return (self.flaky + self.blips) / self.rounds


def past_rounds(history: History, since: datetime, longest_check: timedelta) -> list[PastRound]:
    """The rounds as of `since` and later, the newest first."""
    rounds, results = tables.rounds, tables.results
    failed = case((results.c.outcome == Outcome.FAILED.value, results.c.item))
    query = (
        select(
            rounds,
            func.count(distinct(results.c.check)).label("ended"),
            func.count(distinct(results.c.item)).label("items"),
            func.count(distinct(failed)).label("failed"),
        )
        .outerjoin(results, results.c.round_id == rounds.c.id)
        .where(rounds.c.target == history.target, rounds.c.as_of >= stored(since))
        .group_by(*rounds.c)
        .order_by(rounds.c.as_of.desc(), rounds.c.started.desc())
    )
    now = datetime.now(UTC)
    with history.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [_past_round(row, now, longest_check) for row in rows]


def past_of_item(history: History, item: str, since: datetime) -> list[PastItem]:
    """How an item ended in each round as of `since` and later, the newest first."""
    rows = _results(history, since).where(tables.results.c.item == item)
    with history.reading() as connection:
        found = connection.execute(rows).mappings().all()
    past = [_past_item(list(of_round)) for _, of_round in groupby(found, key=lambda row: row["round_id"])]
    return past[::-1]


def past_of_items(history: History, window: Period) -> dict[str, list[PastItem]]:
    """How each item ended in each round as of an instant of the window or of its end, the oldest first."""
    rows = _results(history, window.start).where(tables.rounds.c.as_of <= stored(window.end))
    with history.reading() as connection:
        found = connection.execute(rows).mappings().all()
    past: dict[str, list[PastItem]] = {}
    # Sorting keeps the order of rounds within an item.
    by_item = sorted(found, key=itemgetter("item"))
    for (item, _), of_round in groupby(by_item, key=itemgetter("item", "round_id")):
        past.setdefault(item, []).append(_past_item(list(of_round)))
    return past


def unsteady_items(history: History, since: datetime) -> list[UnsteadyItem]:
    """The items that were flaky or failed for a single round as of `since` or later, the least steady first."""
    rounds, results = tables.rounds, tables.results
    query = (
        select(results.c.item, results.c.round_id, rounds.c.as_of, results.c.outcome)
        .join(rounds)
        .where(rounds.c.target == history.target, rounds.c.as_of >= stored(since))
        .order_by(results.c.item, rounds.c.as_of, rounds.c.id)
    )
    with history.reading() as connection:
        found = connection.execute(query).all()
    by_item = groupby(found, key=itemgetter(0))
    unsteady = [one for item, rows in by_item if (one := _unsteady(item, list(_ends(rows)))) is not None]
    return sorted(unsteady, key=lambda one: (-one.share, one.item))


def known_items(history: History) -> list[str]:
    """The items of which the history holds any result."""
    rounds, results = tables.rounds, tables.results
    query = select(results.c.item).distinct().join(rounds).where(rounds.c.target == history.target)
    with history.reading() as connection:
        return sorted(connection.execute(query).scalars())


def _results(history: History, since: datetime) -> Select[Any]:
    rounds, results = tables.rounds, tables.results
    return (
        select(results, rounds.c.round, rounds.c.day, rounds.c.as_of)
        .join(rounds)
        .where(rounds.c.target == history.target, rounds.c.as_of >= stored(since))
        .order_by(rounds.c.as_of, rounds.c.id, results.c.id)
    )


def _past_round(row: Mapping[Any, Any], now: datetime, longest_check: timedelta) -> PastRound:
    state = "finished"
    if row["finished"] is None:
        state = "broke off" if has_broken_off(row, now, longest_check) else "running"
    return PastRound(
        id=row["id"],
        round=row["round"],
        day=row["day"],
        as_of=instant_of(row["as_of"]),
        started=instant_of(row["started"]),
        finished=instant_or_none(row["finished"]),
        status=row["status"],
        state=state,
        machine=row["machine"] or "",
        expected=row["expected"],
        ended=row["ended"],
        items=row["items"],
        failed=row["failed"],
    )


def _past_item(rows: Sequence[Mapping[Any, Any]]) -> PastItem:
    outcome = weightiest(Outcome(row["outcome"]) for row in rows)
    decisive = max((row for row in rows if row["outcome"] == outcome.value), key=lambda row: str(row["level"]))
    return PastItem(
        round=decisive["round"],
        day=decisive["day"],
        as_of=instant_of(decisive["as_of"]),
        outcome=outcome,
        level=decisive["level"],
        sentence=decisive["sentence"],
        count=decisive["count"],
        duration_s=sum(row["duration_s"] for row in rows),
        check=decisive["check"],
    )


def _ends(rows: Iterable[Sequence[Any]]) -> Iterator[End]:
    """How an item ended in each round, from its results: item, round, as of, outcome."""
    for _, of_round in groupby(rows, key=itemgetter(1)):
        results = list(of_round)
        outcome = weightiest(Outcome(row[3]) for row in results) if len(results) > 1 else Outcome(results[0][3])
        yield results[0][2], outcome


def _unsteady(item: str, ends: Sequence[End]) -> UnsteadyItem | None:
    flaky = [at for at, outcome in ends if outcome is Outcome.FLAKY]
    blips = list(_blips(ends))
    if not flaky and not blips:
        return None
    return UnsteadyItem(item, len(ends), len(flaky), len(blips), instant_of(max(*flaky, *blips, "")))


def _blips(ends: Sequence[End]) -> Iterator[str]:
    for (_, before), (at, outcome), (_, after) in zip(ends, ends[1:], ends[2:], strict=False):
        if outcome is Outcome.FAILED and {before, after} <= _OVER:
            yield at


def has_held(history: History, check: str, rules: str) -> bool:
    """Whether the check passed on several of the last days that were judged by these rules, and more often than it
    could not be judged."""
    results, rounds = tables.results.c, tables.rounds.c
    query = (
        select(results.outcome, rounds.day)
        .select_from(tables.results.join(tables.rounds, rounds.id == results.round_id))
        .where(rounds.target == history.target, rounds.rules == rules, results.check == check)
        .order_by(results.id.desc())
        .limit(_LOOKED_BACK_ON)
    )
    with history.reading() as connection:
        ends = connection.execute(query).all()
    passed = [day for outcome, day in ends if outcome == Outcome.PASSED.value]
    not_covered = sum(outcome == Outcome.NOT_COVERED.value for outcome, _ in ends)
    return len(set(passed)) >= _LEAST_DAYS_PASSED and len(passed) > not_covered
