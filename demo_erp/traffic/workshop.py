"""How a studio order goes through the workshop in the days after its sale: steps, who does them, what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from demo_erp.schema import STEP_NAMES
from demo_erp.traffic.events import Event, PlannedCost, PlannedSale, StepChange
from demo_erp.traffic.people import Person
from demo_erp.traffic.randomness import pick, spread, stream
from demo_erp.traffic.rota import Duty, Rota

LONGEST_DAYS = 20  # an order is through the workshop before then
_BEGIN_AFTER = timedelta(minutes=25)  # of the shift: signed in, the board looked at
_END_BEFORE = timedelta(minutes=12)
_HANDS_ON = {  # hours of work in a step: least, most
    "measure": (0.4, 0.9),
    "cut": (0.7, 1.8),
    "stitch": (2.0, 4.5),
    "embroider": (1.2, 3.2),
    "finish": (0.7, 1.8),
    "quality": (0.3, 0.6),
    "deliver": (0.2, 0.5),
}
_LYING = {  # hours of the working day an order lies before a step
    "measure": (0.8, 5.0),
    "cut": (0.5, 5.0),
    "stitch": (0.3, 4.0),
    "embroider": (0.5, 4.0),
    "finish": (0.3, 3.0),
    "quality": (0.2, 2.5),
    "deliver": (0.5, 6.0),
}
_LABOUR_SHARE = {  # of what an order costs in all; the rest is material and work given out
    "measure": 0.05,
    "cut": 0.1,
    "stitch": 0.26,
    "embroider": 0.14,
    "finish": 0.09,
    "quality": 0.03,
    "deliver": 0.03,
}
_MATERIAL = ("Satin and lining", "Lace by the metre", "Tulle, three layers", "Silk crepe", "Mikado and boning")
_OUTWORK = ("Beading by hand, given out", "Pleating, given out", "Dyeing, given out")


def workshop_events(seed: int, sale: PlannedSale, rota: Rota) -> list[Event]:
    """Everything done for the order that a studio sale opened; a voided sale's order is never begun."""
    if sale.kind != "studio" or sale.finalised_at is None or sale.void_reason:
        return []
    return list(_Order(stream(seed, "workshop", sale.reference), sale, rota).events())


class _Order:
    """One order on its way; `now` is the earliest that the next step can begin."""

    def __init__(self, chance: Random, sale: PlannedSale, rota: Rota) -> None:
        assert sale.finalised_at is not None
        self.chance, self.sale, self.rota = chance, sale, rota
        self.now = sale.finalised_at + timedelta(minutes=40)
        self.hours_scale = 0.7 if sale.cents < 50_000 else 1.0
        # At most 0.84 of the budget, which is 0.6 of the total.
        self.cents_in_all = int(sale.cents * 0.6 * spread(chance, 0.52, 0.84))

    def events(self) -> Iterator[Event]:
        for sequence, name in enumerate(STEP_NAMES, start=1):
            lying = spread(self.chance, *_LYING[name]) * self.hours_scale
            duty = self._free_worker(self._later(self.now, lying))
            started = max(self.now, duty.starts + _BEGIN_AFTER)
            started += timedelta(seconds=self.chance.randint(0, 240), milliseconds=self.chance.randint(0, 999))
            finished = self._worked(duty, started, spread(self.chance, *_HANDS_ON[name]))
            yield from self._step(sequence, name, duty.person, started, finished)
            self.now = finished + timedelta(minutes=2)

    def _step(self, sequence: int, name: str, worker: Person, started: datetime, finished: datetime) -> Iterator[Event]:
        change = StepChange(self.sale, sequence, worker, last=sequence == len(STEP_NAMES))
        channel = "mobile" if self.chance.random() < worker.phone_share else "web"
        yield self._assigned(change, started)
        yield Event(started, "step.start", worker, channel, change)
        for cost, before in self._costs(sequence, name):
            entered = finished - timedelta(seconds=before, milliseconds=self.chance.randint(0, 999))
            yield Event(entered, "cost.enter", worker, channel, cost)
        yield Event(finished, "step.finish", worker, channel, change)

    def _assigned(self, change: StepChange, started: datetime) -> Event:
        """By the manager where one is on duty, else the worker takes it."""
        at = started - timedelta(seconds=self.chance.randint(50, 900), milliseconds=self.chance.randint(0, 999))
        day = at.astimezone(self.rota.timezone).date()
        at = max(at, self.now)
        for duty in self.rota.duties(self.sale.branch, "manager", day):
            if duty.covers(at - _BEGIN_AFTER, at):
                return Event(at, "step.assign", duty.person, "web", change)
        at = max(self.now, started - timedelta(seconds=self.chance.randint(20, 50)))
        return Event(at, "step.assign", change.worker, "mobile", change)

    def _costs(self, sequence: int, name: str) -> Iterator[tuple[PlannedCost, int]]:
        """Entered while the step is still in hand, so that what is done is always costed: seconds before the end."""
        labour = max(250, int(self.cents_in_all * _LABOUR_SHARE[name]))
        if name == "cut":
            material = int(self.cents_in_all * 0.24)
            yield PlannedCost(self.sale, sequence, "material", pick(self.chance, _MATERIAL), material), 200
        if name == "embroider" and self.chance.random() < 0.35:
            outwork = int(self.cents_in_all * 0.05)
            yield PlannedCost(self.sale, sequence, "outwork", pick(self.chance, _OUTWORK), outwork), 140
        yield PlannedCost(self.sale, sequence, "labour", f"Hours for: {name}", labour), self.chance.randint(30, 110)

    def _free_worker(self, at: datetime) -> Duty:
        """Somebody of the workshop who is there at that time or next; moves `now` there."""
        self.now = at
        day = at.astimezone(self.rota.timezone).date()
        while True:
            duties = [
                duty
                for duty in self.rota.duties(self.sale.branch, "production", day)
                if max(at, duty.starts + _BEGIN_AFTER) + timedelta(minutes=20) <= duty.ends - _END_BEFORE
            ]
            if duties:
                return pick(self.chance, duties)
            day += timedelta(days=1)

    def _later(self, start: datetime, hours: float) -> datetime:
        """So many hours of the workshop's day later; a night or a closed day does not count."""
        left = timedelta(hours=hours)
        day = start.astimezone(self.rota.timezone).date()
        while True:
            for duty in self.rota.duties(self.sale.branch, "production", day)[:1]:
                begin = max(start, duty.starts)
                if begin + left <= duty.ends:
                    return begin + left
                left -= max(timedelta(0), duty.ends - begin)
            day += timedelta(days=1)

    def _worked(self, duty: Duty, started: datetime, hours: float) -> datetime:
        """When the same worker is done; what is not ready by the end of a shift is taken up in the worker's next."""
        left = timedelta(hours=hours * self.hours_scale * duty.person.pace)
        left = max(left, timedelta(minutes=12))
        begin = started
        while True:
            finished = begin + left
            if finished <= duty.ends - _END_BEFORE:
                return finished.replace(microsecond=finished.microsecond // 1000 * 1000)
            left = max(left - (duty.ends - _END_BEFORE - begin), timedelta(minutes=9))
            duty = self._next_duty(duty)
            begin = duty.starts + _BEGIN_AFTER

    def _next_duty(self, duty: Duty) -> Duty:
        day: date = duty.starts.astimezone(self.rota.timezone).date()
        while True:
            day += timedelta(days=1)
            for other in self.rota.duties(self.sale.branch, "production", day):
                if other.person is duty.person:
                    return other
