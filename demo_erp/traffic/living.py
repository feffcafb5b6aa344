"""Living: everything due until an instant is done, in order, in transactions of moderate size."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select, update

from demo_erp.backup import KEEP, back_up
from demo_erp.business_time import business_day
from demo_erp.errors import SetupProblem
from demo_erp.schema import TrafficPosition
from demo_erp.state import State
from demo_erp.traffic import apply_people, apply_routine, apply_sales, apply_workshop
from demo_erp.traffic.batch import Batch
from demo_erp.traffic.directory import Directory
from demo_erp.traffic.events import Event
from demo_erp.traffic.planner import DayPlan, Planner
from demo_erp.traffic.records import Records
from demo_erp.traffic.routine import BACKUP_TIMES
from demo_erp.traffic.trail import Trail
from demo_erp.traffic.truth import DayTruth, read_days, write_days
from demo_erp.traffic.work import Handler, Work

EVENTS_AT_ONCE = 800
OnDay = Callable[[date], None]
HANDLERS: dict[str, Handler] = {
    **apply_sales.HANDLERS,
    **apply_workshop.HANDLERS,
    **apply_people.HANDLERS,
    **apply_routine.HANDLERS,
}


def live_until(state: State, instant: datetime, wait: bool = True, on_day: OnDay | None = None) -> bool:
    """Do everything due up to and including an aware instant that is not done yet, and keep the truth file.

    Safe to be cut off at any point and called again. Only one at a time lives: with `wait` the other is waited for,
    without it False is returned at once; then nothing was looked at. `on_day` is told each day that is begun.
    """
    life = _lives.get(state)
    if life is None:
        life = _lives[state] = Life(state)
    if not wait and life.nothing_due(instant):
        return True
    with _alone(state, wait) as alone:
        if alone:
            life.go_on(instant, on_day)
        return alone


class Life:
    """One process's view of a business that is being lived: the plans, and the truth as far as it is counted."""

    def __init__(self, state: State) -> None:
        settings = state.settings
        self.state = state
        self.planner = Planner(settings.seed, settings.go_live, state.timezone, settings.on_paper)
        self.trail = Trail(state.logs)
        self._directory: Directory | None = None
        self._next_at: datetime | None = None
        self._days: dict[str, Any] = {}  # the truth of the days that are over
        self._today: DayTruth | None = None
        self._counted = Position(settings.go_live, -1)

    def nothing_due(self, instant: datetime) -> bool:
        """Known without looking at the database: others can only have gone further."""
        return self._next_at is not None and instant < self._next_at

    def go_on(self, instant: datetime, on_day: OnDay | None = None) -> None:
        """Live; the caller has made sure to be alone."""
        with self.state.database.connection() as connection:
            position = read_position(connection)
            self._directory = self._directory or Directory(connection)
        self._catch_up_truth(position)
        while True:
            plan = self.planner.plan(position.day)
            if on_day is not None and position.events_done == 0 and instant >= plan.starts:
                on_day(plan.day)
            position = self._live_day(plan, position, instant)
            if position.day == plan.day:
                break
        self._next_at = plan.events[position.events_done].at if position.events_done < len(plan.events) else plan.ends
        self._write_truth(instant)

    def _live_day(self, plan: DayPlan, position: Position, instant: datetime) -> Position:
        """The part of a day that is due; when the day is over, the beginning of the next one."""
        due = sum(1 for event in plan.events if event.at <= instant)
        while position.events_done < due:
            events = list(islice(plan.events, position.events_done, min(due, position.events_done + EVENTS_AT_ONCE)))
            position = self._do(events, position, instant)
        if instant >= plan.ends:
            position = Position(plan.day + timedelta(days=1), 0)
            with self.state.database.connection(writes=True) as connection:
                write_position(connection, position)
            self._count([], position)
        return position

    def _do(self, events: list[Event], position: Position, instant: datetime) -> Position:
        """One transaction; it ends with a backup if one is among the events, so that it holds just what was then."""
        for number, event in enumerate(events):
            if event.kind == "backup":
                if number == 0:
                    self._back_up(event.at, instant)
                events = events[: max(number, 1)]
                break
        after = Position(position.day, position.events_done + len(events))
        try:
            with self.state.database.connection(writes=True) as connection:
                if read_position(connection, lock=True) != position:
                    raise SetupProblem("the days of this business are being lived elsewhere at the same time")
                self._apply(connection, events)
                write_position(connection, after)
        except BaseException:
            self.trail.doubt()
            raise
        self._count(events, after)
        return after

    def _apply(self, connection: Any, events: list[Event]) -> None:
        assert self._directory is not None
        batch = Batch(connection)
        work = Work(batch, Records(connection, events), self._directory, self.planner.timezone)
        for event in events:
            HANDLERS[event.kind](work, event)
        batch.flush()
        self.trail.write(events, work)

    def _back_up(self, at: datetime, instant: datetime) -> None:
        """Unless it is there already, or would be dropped for newer ones before the instant is reached."""
        if _backups_between(self.planner, at, instant) >= KEEP or _is_there(self.state, at):
            return
        try:
            back_up(self.state, at=at)
        except SetupProblem:
            return  # it is in the log already; the business goes on, and its backup is missing

    def _catch_up_truth(self, position: Position) -> None:
        """Count anew what this process has not seen: the days that the file lacks, and the one in progress."""
        if position == self._counted:
            return
        settings = self.state.settings
        self._days = read_days(self.state.truth_file, settings.seed, settings.go_live)
        day = settings.go_live
        while day < position.day:
            if day.isoformat() not in self._days:
                truth = self._new_truth(day)
                for event in self.planner.plan(day).events:
                    truth.add(event)
                self._days[day.isoformat()] = truth.as_json()
            day += timedelta(days=1)
        self._days = {key: self._days[key] for key in sorted(self._days) if key < position.day.isoformat()}
        self._today = self._new_truth(position.day)
        self._counted = Position(position.day, 0)
        self._count(self.planner.plan(position.day).events[: position.events_done], position)

    def _count(self, events: list[Event], position: Position) -> None:
        assert self._today is not None
        for event in events:
            self._today.add(event)
        if position.day != self._today.day:
            self._days[self._today.day.isoformat()] = self._today.as_json()
            self._today = self._new_truth(position.day)
        self._counted = position

    def _new_truth(self, day: date) -> DayTruth:
        return DayTruth(day, self.planner.number_of(day))

    def _write_truth(self, instant: datetime) -> None:
        assert self._today is not None
        days = dict(self._days)
        if business_day(instant, self.planner.timezone) >= self._today.day:
            days[self._today.day.isoformat()] = self._today.as_json(as_of=instant)
        write_days(self.state.truth_file, self.planner.seed, self.planner.go_live, days)


_lives: WeakKeyDictionary[State, Life] = WeakKeyDictionary()


@contextmanager
def _alone(state: State, wait: bool) -> Iterator[bool]:
    """Whether nobody else lives this business meanwhile, in this process or another."""
    with state.traffic_lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def _backups_between(planner: Planner, after: datetime, until: datetime) -> int:
    """How many backups are due after one instant, up to and including another."""
    day = business_day(after, planner.timezone)
    last = business_day(until, planner.timezone)
    found = 0
    while day <= last and found < KEEP:
        found += sum(after < planner.rota.instant(day, clock) <= until for clock in BACKUP_TIMES)
        day += timedelta(days=1)
    return found


def _is_there(state: State, at: datetime) -> bool:
    """Whether the backup of an instant was finished, as it is when what came after it was cut off."""
    for manifest in state.backups.glob("rosewood-*.json"):
        try:
            if datetime.fromisoformat(json.loads(manifest.read_text(encoding="utf-8"))["started_at"]) == at:
                return True
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return False


@dataclass(frozen=True, order=True)
class Position:
    """So many events of this day are done, and all of every day before.

    Kept in the database, and moved in the same transaction as what it counts.
    """

    day: date
    events_done: int


def read_position(connection: Connection, *, lock: bool = False) -> Position:
    """Where the business stands; `lock` keeps it from being moved by others until the transaction ends."""
    query = select(TrafficPosition.day, TrafficPosition.events_done)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise SetupProblem("the database holds no business; make one with: create")
    return Position(row.day, row.events_done)


def write_position(connection: Connection, position: Position) -> None:
    connection.execute(update(TrafficPosition).values(day=position.day, events_done=position.events_done))
