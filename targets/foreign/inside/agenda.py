"""What a business does and when; runs inside a foreign system's own Python.

What is still to come, and the state of chance, are kept beside the facts, so that the business can live on later.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

OPENS, CLOSES = time(9), time(18)
_MARGIN = timedelta(minutes=5)
SALE = "sale"


@dataclass(frozen=True, order=True)
class Task:
    """`what` is to be done at a branch, with the record `of` where there is one."""

    at: datetime
    what: str
    branch: str
    of: str = ""


class Life:
    """`facts` are {"passwords": {...}, "zone": name, "first": day, "last": instant}; it lives up to the last."""

    def __init__(self, facts_file: Path) -> None:
        self.facts: dict[str, Any] = json.loads(facts_file.read_text(encoding="utf-8"))
        self.zone = ZoneInfo(self.facts["zone"])
        self.first = date.fromisoformat(self.facts["first"])
        self.last = datetime.fromisoformat(self.facts["last"])
        self.chance = random.Random(4711)
        self._state_file = facts_file.with_name("life.json")
        self._next_day = self.first
        self._agenda: list[Task] = []
        self.is_new = not self._state_file.exists()
        if not self.is_new:
            self._restore()

    def later(self, days: int, what: str, branch: str, of: str) -> None:
        """Put something on the agenda, so many days from the present one."""
        day = datetime.now(self.zone).date() + timedelta(days=days)
        self._agenda.append(Task(self._moment(day), what, branch, of))

    def live(self, sales_a_day: Mapping[str, int], less_at_weekends: int, do: Callable[[Task], None]) -> None:
        """Do what is on the agenda, each at its time, by the clock of this process."""
        while task := self._next(sales_a_day, less_at_weekends):
            with time_machine.travel(task.at, tick=False):
                do(task)
        self._keep()

    def _next(self, sales_a_day: Mapping[str, int], less_at_weekends: int) -> Task | None:
        while self._next_day <= self.last.astimezone(self.zone).date() and not self._is_busy_before(self._next_day):
            for branch, usual in sales_a_day.items():
                less = less_at_weekends if self._next_day.weekday() >= 5 else 0
                for _ in range(usual - less + self.chance.randint(-3, 3)):
                    self._agenda.append(Task(self._moment(self._next_day), SALE, branch))
            self._next_day += timedelta(days=1)
        task = min(self._agenda, default=None)
        if task is None or task.at > self.last:
            return None
        self._agenda.remove(task)
        return task

    def _is_busy_before(self, day: date) -> bool:
        return any(task.at.astimezone(self.zone).date() < day for task in self._agenda)

    def _moment(self, day: date) -> datetime:
        open_for = datetime.combine(day, CLOSES) - datetime.combine(day, OPENS)
        seconds = self.chance.uniform(_MARGIN.total_seconds(), (open_for - _MARGIN).total_seconds())
        return datetime.combine(day, OPENS, self.zone) + timedelta(seconds=round(seconds, 3))

    def _keep(self) -> None:
        agenda = [[task.at.isoformat(), *astuple(task)[1:]] for task in self._agenda]
        state = {"next_day": self._next_day.isoformat(), "agenda": agenda, "chance": self.chance.getstate()}
        self._state_file.write_text(json.dumps(state), encoding="utf-8")

    def _restore(self) -> None:
        state = json.loads(self._state_file.read_text(encoding="utf-8"))
        self._next_day = date.fromisoformat(state["next_day"])
        self._agenda = [Task(datetime.fromisoformat(at).astimezone(self.zone), *rest) for at, *rest in state["agenda"]]
        version, internal, following = state["chance"]
        self.chance.setstate((version, tuple(internal), following))
