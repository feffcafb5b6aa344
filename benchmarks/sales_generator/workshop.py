"""What the workshop does for studio sales: a step each working day, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.sales_generator.business import Business, Counter
from benchmarks.sales_generator.rows import NULL, DayClock, Lines, money, seconds
from benchmarks.sales_generator.selling import Sale
from demo_erp.schema import STEP_NAMES
from demo_erp.services.production import progress
from demo_erp.services.production_orders import DUE_AFTER_DAYS

STEPS = len(STEP_NAMES)
COSTS = STEPS + 2
LONGEST_DAYS = 12  # until the last step is done, closed days included
_LABOUR = dict(zip(STEP_NAMES, (5, 10, 26, 14, 9, 3, 3), strict=True))  # per cent of what the order costs
_MATERIAL, _OUTWORK = 24, 5  # per cent


@dataclass(slots=True)
class Work:
    """One step as it is planned, on a day; times are seconds since its midnight."""

    day: date
    clock: DayClock
    assigned: int
    started: int
    finished: int
    worker: int


class Workshop:
    """Writes orders with their steps and costs, as far as the business's day and clock have come."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.now = business.at.hour * 3600 + business.at.minute * 60
        self._clocks: dict[date, DayClock] = {}
        self._open: dict[tuple[int, date], list[date]] = {}

    def write(self, sale: Sale, day: date, clock: DayClock, lines: Lines, activity: dict[date, list[str]]) -> None:
        """The order of a studio sale that is final by now."""
        opened = clock(sale.final)
        self._note(activity, day, opened, sale.seller, sale, "order.open", "production_order", sale.id)
        if sale.void is not None and (day < self.business.today or sale.void <= self.now):
            voided = clock(sale.void)
            by = sale.counter.manager.id
            self._note(activity, day, voided, by, sale, "order.cancel", "production_order", sale.id)
            lines["production_orders"].append(self._order(sale, day, "cancelled", 0, opened, voided, NULL))
            lines["production_steps"] += [self._untouched(sale, place, opened) for place in range(STEPS)]
            return
        works = self._plan(sale, day)
        updated, done, state = opened, 0, "open"
        for place, work in enumerate(works):
            line, touched, step = self._step(sale, place, work, opened, activity)
            lines["production_steps"].append(line)
            updated = max(updated, touched) if touched else updated
            if step != "waiting":
                state = "in_progress"
                lines["costs"] += self._costs(sale, place, work, activity)
            done += step == "done"
        finished = works[-1].clock(works[-1].finished) if done == STEPS else NULL
        state = "done" if done == STEPS else state
        lines["production_orders"].append(
            self._order(sale, day, state, progress(done, STEPS), opened, updated, finished)
        )

    def _plan(self, sale: Sale, day: date) -> list[Work]:
        chance = Random(sale.id)
        found = []
        for place, working_day in enumerate(self._working_days(sale.counter, day)):
            opens, closes = map(seconds, sale.counter.profile.hours[working_day.weekday()])
            started = opens + 1800 + int(chance.random() * (closes - opens - 9000))
            finished = started + 1200 + int(chance.random() * 4200)
            clock = self._clocks.get(working_day) or self._clocks.setdefault(working_day, DayClock(working_day))
            worker = sale.counter.workers[(sale.id + place) % len(sale.counter.workers)].id
            found.append(Work(working_day, clock, started - 120, started, finished, worker))
        return found

    def _working_days(self, counter: Counter, day: date) -> list[date]:
        """The next days on which the branch is open, one for each step."""
        if (counter.place, day) not in self._open:
            days = (day + timedelta(days=number) for number in range(1, LONGEST_DAYS + 1))
            found = [one for one in days if one.weekday() in counter.profile.hours]
            self._open[counter.place, day] = found[:STEPS]
        return self._open[counter.place, day]

    def _past(self, work: Work, second: int) -> bool:
        today = self.business.today
        return work.day < today or (work.day == today and second <= self.now)

    def _step(
        self, sale: Sale, place: int, work: Work, opened: str, activity: dict[date, list[str]]
    ) -> tuple[str, str, str]:
        """The row, when it was touched last ("" for never) and its state."""
        if not self._past(work, work.assigned):
            return self._untouched(sale, place, opened), "", "waiting"
        one, manager = sale.id * STEPS + place, sale.counter.manager.id
        begun = f"{one}\t{sale.id}\t{place + 1}\t{STEP_NAMES[place]}"
        assigned, started = work.clock(work.assigned), work.clock(work.started)
        self._note(activity, work.day, assigned, manager, sale, "step.assign", "production_step", one)
        if not self._past(work, work.started):
            return f"{begun}\twaiting\t{work.worker}\t{NULL}\t{NULL}\t{assigned}\t{manager}", assigned, "waiting"
        self._note(activity, work.day, started, work.worker, sale, "step.start", "production_step", one)
        if not self._past(work, work.finished):
            row = f"{begun}\tstarted\t{work.worker}\t{started}\t{NULL}\t{started}\t{work.worker}"
            return row, started, "started"
        finished = work.clock(work.finished)
        self._note(activity, work.day, finished, work.worker, sale, "step.finish", "production_step", one)
        row = f"{begun}\tdone\t{work.worker}\t{started}\t{finished}\t{finished}\t{work.worker}"
        return row, finished, "done"

    def _untouched(self, sale: Sale, place: int, opened: str) -> str:
        begun = f"{sale.id * STEPS + place}\t{sale.id}\t{place + 1}\t{STEP_NAMES[place]}"
        return f"{begun}\twaiting\t{NULL}\t{NULL}\t{NULL}\t{opened}\t{NULL}"

    def _costs(self, sale: Sale, place: int, work: Work, activity: dict[date, list[str]]) -> list[str]:
        """Entered shortly before the step is finished; at most 0.84 of the budget, which is 0.6 of the total."""
        name = STEP_NAMES[place]
        in_all = sale.cents * 6 * (52 + sale.id % 32) // 1000
        planned = [(place, "labour", f"Hours for: {name}", max(250, in_all * _LABOUR[name] // 100), 60)]
        if name == "cut":
            planned.append((STEPS, "material", "Satin and lining", in_all * _MATERIAL // 100, 200))
        if name == "embroider" and sale.id % 3 == 0:
            planned.append((STEPS + 1, "outwork", "Beading by hand, given out", in_all * _OUTWORK // 100, 140))
        found = []
        for number, kind, words, cents, before in planned:
            second = work.finished - before
            if not self._past(work, second):
                continue
            at, one = work.clock(second), sale.id * COSTS + number
            self._note(activity, work.day, at, work.worker, sale, "cost.enter", "cost", one)
            step = sale.id * STEPS + place
            found.append(f"{one}\t{sale.id}\t{step}\t{kind}\t{words}\t{money(cents)}\t{at}\t{work.worker}")
        return found

    def _order(self, sale: Sale, day: date, state: str, percent: int, opened: str, updated: str, done: str) -> str:
        budget, due = money((sale.cents * 60 + 50) // 100), day + timedelta(days=DUE_AFTER_DAYS)
        return (
            f"{sale.id}\t{sale.order_number}\t{sale.id}\t{sale.counter.id}\t{sale.garment}\t{state}\t{percent}\t"
            f"{budget}\t{due}\t{opened}\t{updated}\t{done}"
        )

    @staticmethod
    def _note(
        activity: dict[date, list[str]], day: date, at: str, who: int, sale: Sale, action: str, entity: str, one: int
    ) -> None:
        activity.setdefault(day, []).append(f"{at}\t{who}\t{sale.counter.id}\t{action}\t{entity}\t{one}\tweb\t")
