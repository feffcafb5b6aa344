"""The plan of a day: everything that will happen on it, in order, known from the seed and the date alone.

Nothing of a plan depends on the database or on when it is asked for, so it can be thrown away and made anew at
any time, by any process, and is the same again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from demo_erp.business_time import business_day, day_bounds
from demo_erp.traffic.branches import ALL_BRANCHES
from demo_erp.traffic.counter import counter_day
from demo_erp.traffic.customers import Customers
from demo_erp.traffic.events import Event, PlannedSale
from demo_erp.traffic.presence import looks, sign_ins
from demo_erp.traffic.randomness import stream
from demo_erp.traffic.rota import Rota
from demo_erp.traffic.routine import glances, routine_of
from demo_erp.traffic.support import issues_of
from demo_erp.traffic.workshop import LONGEST_DAYS, workshop_events


@dataclass(frozen=True)
class DayPlan:
    """All events of a local day in their order, within [starts, ends)."""

    day: date
    starts: datetime
    ends: datetime
    events: list[Event]


@dataclass(frozen=True)
class _SellingDay:
    """What the counters do on a day, and what the workshops will do on later days because of it."""

    sales: list[PlannedSale]
    events: list[Event]
    workshop: dict[date, list[Event]]


class Planner:
    """Plans the days of one business."""

    def __init__(
        self, seed: int, go_live: date, timezone: ZoneInfo, on_paper: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self.seed = seed
        self.go_live = go_live
        self.on_paper = on_paper or {}
        self.timezone = timezone
        self.rota = Rota(timezone)
        self.customers = Customers(seed, go_live)
        self.plan = lru_cache(maxsize=3)(self._plan)
        self._selling_day = lru_cache(maxsize=LONGEST_DAYS + 3)(self._make_selling_day)

    def number_of(self, day: date) -> int:
        """1 on the day of go-live."""
        return (day - self.go_live).days + 1

    def _plan(self, day: date) -> DayPlan:
        starts, ends = day_bounds(day, self.timezone)
        selling = self._selling_day(day)
        events = [*sign_ins(self.seed, day, self.rota), *selling.events]
        for back in range(min(LONGEST_DAYS, (day - self.go_live).days), -1, -1):
            events += self._selling_day(day - timedelta(days=back)).workshop.get(day, [])
        events += issues_of(self.seed, day, self.number_of(day), self.rota)
        events += routine_of(self.seed, day, self.rota, self.customers, selling.sales)
        events += looks(self.seed, day, self.rota, events)
        events += glances(self.seed, day, events)
        paper = self.on_paper.get(day.isoformat(), ())
        events = [event for event in events if not paper or _uses_the_system(event, paper)]
        events.sort(key=lambda event: event.at)
        chance = stream(self.seed, "traces", day)
        for event in events:
            event.trace_id = f"{chance.getrandbits(128):032x}"
        return DayPlan(day, starts, ends, events)

    def _make_selling_day(self, day: date) -> _SellingDay:
        sales: list[PlannedSale] = []
        events: list[Event] = []
        workshop: dict[date, list[Event]] = {}
        paper = self.on_paper.get(day.isoformat(), ())
        for branch in (branch for branch in ALL_BRANCHES if branch.code not in paper):
            sold, done = counter_day(self.seed, branch, day, self.rota, self.customers)
            unseen = {id(event.subject) for event in done if event.actor and event.actor.username in paper}
            sales += (sale for sale in sold if id(sale) not in unseen)
            events += (event for event in done if id(event.subject) not in unseen)
        for sale in sales:
            for event in workshop_events(self.seed, sale, self.rota):
                workshop.setdefault(business_day(event.at, self.timezone), []).append(event)
        return _SellingDay(sales, events, workshop)


def _uses_the_system(event: Event, on_paper: Collection[str]) -> bool:
    """Whether it happens where counters are on paper: the cash book is handed in all the same, and help asked for.

    Of somebody who is on paper alone there is nothing at all.
    """
    person = event.actor
    if person is not None and person.username in on_paper:
        return False
    if person is None or person.role != "sales" or person.branch is None or person.branch.code not in on_paper:
        return True
    return event.kind == "sheet.hand_in" or event.kind.startswith("issue.")
