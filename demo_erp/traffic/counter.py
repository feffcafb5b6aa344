"""The counter of a branch on one day: who comes when, who serves, what is bought, how it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from demo_erp.traffic.basket import Basket, payments_for
from demo_erp.traffic.branches import BranchProfile
from demo_erp.traffic.customers import Buyer, Customers
from demo_erp.traffic.events import Event, PlannedJob, PlannedLine, PlannedSale
from demo_erp.traffic.people import Person
from demo_erp.traffic.randomness import pick, spread, stream
from demo_erp.traffic.rota import Duty, Opening, Rota

SETTLING_IN = timedelta(minutes=14)  # after the start of a shift: the machine is on, the person signed in
BUSY_BY_HOUR = {9: 0.75, 10: 0.95, 11: 1.1, 12: 1.15, 13: 0.95, 14: 0.95, 15: 1.1, 16: 1.25, 17: 1.2, 18: 0.9}
NEW_CUSTOMER_SHARE = {"retail": 0.12, "studio": 0.5}
STUDIO_SHARE = 0.055
ABANDONED_SHARE = 0.025
VOIDED_SHARE = {"retail": 0.013, "studio": 0.025}
UNEVEN_PAYMENT_SHARE = 0.008
VOID_REASONS = (
    "Customer changed her mind",
    "Wrong size taken from the shelf",
    "Entered for the wrong customer",
    "Paid by the wrong method",
    "Fault in the lace found at the till",
    "Customer found it elsewhere",
)


def counter_day(
    seed: int, branch: BranchProfile, day: date, rota: Rota, customers: Customers
) -> tuple[list[PlannedSale], list[Event]]:
    """All sales of a branch on a day, with everything that is done to them that day."""
    opening = rota.opening(branch, day)
    if opening is None:
        return [], []
    chance = stream(seed, "counter", branch.code, day)
    counter = _Counter(chance, opening, rota.duties(branch, "sales", day), day, customers)
    for arrival in _arrivals(chance, opening, branch.volume[day.weekday()], rota):
        counter.serve(arrival)
    return counter.sales, counter.events


def _arrivals(chance: Random, opening: Opening, usual: int, rota: Rota) -> Iterator[datetime]:
    """Evenly drawn from the day's curve, so that two like days look alike but never the same."""
    count = usual if opening.branch.training else round(usual * spread(chance, 0.9, 1.1))
    first, last = opening.opens + timedelta(minutes=2), opening.closes - timedelta(minutes=24)
    minutes = int((last - first).total_seconds() // 60)
    weights = [
        BUSY_BY_HOUR.get((first + timedelta(minutes=minute)).astimezone(rota.timezone).hour, 0.7)
        for minute in range(minutes)
    ]
    total, passed, minute = sum(weights), 0.0, 0
    for number in range(count):
        target = (number + chance.random()) / count * total
        while minute < minutes - 1 and passed + weights[minute] < target:
            passed += weights[minute]
            minute += 1
        yield first + timedelta(minutes=minute, milliseconds=int(chance.random() * 60_000))


class _Counter:
    """The counter while it is being planned: who is free when, who was there already."""

    def __init__(
        self, chance: Random, opening: Opening, duties: tuple[Duty, ...], day: date, customers: Customers
    ) -> None:
        self.chance = chance
        self.opening = opening
        self.branch = opening.branch
        self.duties = duties
        self.free_at = {duty.person: duty.starts + SETTLING_IN for duty in duties}
        self.regulars = customers.known_by(self.branch, day)
        chance.shuffle(self.regulars)  # each comes once a day at most: no sale looks like entered twice
        self.newcomers = list(customers.new_on(self.branch, day))
        self.basket = Basket(chance, self.branch)
        self.sales: list[PlannedSale] = []
        self.events: list[Event] = []

    def serve(self, arrival: datetime) -> None:
        """One customer, by whoever is free, or free first; nobody is served when it would get too late."""
        wants_studio = not self.branch.training and self.chance.random() < STUDIO_SHARE
        kind = "studio" if wants_studio and self._able(arrival, "studio") else "retail"
        able = self._able(arrival, kind)
        if not able:
            return
        free = [duty for duty in able if self.free_at[duty.person] <= arrival]
        duty = pick(self.chance, free) if free else min(able, key=lambda one: self.free_at[one.person])
        self._sell(duty, max(arrival, self.free_at[duty.person]), kind)

    def _able(self, arrival: datetime, kind: str) -> list[Duty]:
        """Who can begin such a sale and still end it within the shift and before the doors close."""
        needed = timedelta(minutes=45 if kind == "studio" else 22)
        return [
            duty
            for duty in self.duties
            if max(arrival, self.free_at[duty.person]) + needed <= min(duty.ends, self.opening.closes)
        ]

    def _sell(self, duty: Duty, start: datetime, kind: str) -> None:
        seller = duty.person
        lines = self.basket.lines(kind, seller)
        sale = PlannedSale(
            reference=f"{self.chance.getrandbits(128):032x}",
            branch=self.branch,
            buyer=self._buyer(kind),
            kind=kind,
            first_line=lines[0],
        )
        channel = "mobile" if self.chance.random() < seller.phone_share else "web"
        visit = _Visit(self, sale, seller, channel, start, 2.2 if kind == "studio" else 1.0)
        visit.enter(lines)
        if self.chance.random() < ABANDONED_SHARE:
            visit.abandon()
        else:
            visit.pay()
            if self.chance.random() < VOIDED_SHARE[kind]:
                visit.void(duty, self.opening.closes)
        self.free_at[seller] = visit.now + timedelta(seconds=spread(self.chance, 15, 90))
        self.sales.append(sale)

    def _buyer(self, kind: str) -> Buyer:
        if self.newcomers and self.chance.random() < NEW_CUSTOMER_SHARE[kind]:
            return self.newcomers.pop()
        return self.regulars.pop()


class _Visit:
    """One sale from the first line to the end; `now` moves on with everything that is done."""

    def __init__(
        self, counter: _Counter, sale: PlannedSale, seller: Person, channel: str, start: datetime, slow: float
    ) -> None:
        self.counter, self.chance = counter, counter.chance
        self.sale, self.seller, self.channel = sale, seller, channel
        self.now = start
        self.pace = seller.pace * slow

    def enter(self, lines: list[PlannedLine]) -> None:
        """The draft and its lines; a mistyped line is noticed, taken out and entered anew."""
        self._do("sale.create")
        position = 1
        if self.chance.random() < self.seller.typo_share:
            mistyped = self.counter.basket.mistyped(lines[0])
            self.sale.first_line = mistyped
            self._after(12, 45)
            self._do("sale.line.remove", mistyped)
            # The service numbers a new line after the last that is there: the first again when none is left.
            self._after(8, 30)
            self._do("sale.line.add", lines[0])
        for line in lines[1:]:
            position += 1
            line.position = position
            self._after(15, 80)
            self._do("sale.line.add", line)
        self.sale.lines = lines

    def pay(self) -> None:
        self._after(40, 240)
        self.sale.payments = payments_for(self.chance, self.sale, self.seller)
        if self.chance.random() < UNEVEN_PAYMENT_SHARE:
            self._do("sale.refused")
            self._after(12, 40)
        self.sale.finalised_at = self.now
        self._do("sale.finalise")
        receipt = PlannedJob("receipt", self.now, self.sale)
        done = self.now + timedelta(milliseconds=int(2500 + 30_000 * self.chance.random() ** 3))
        self.counter.events.append(Event(done, "job.finish", None, "api", receipt))

    def abandon(self) -> None:
        """The customer leaves to think it over; the draft is thrown away before it can be forgotten."""
        self._after(60, 150)
        limit = min(self.counter.opening.closes, *(d.ends for d in self.counter.duties if d.person is self.seller))
        wait = timedelta(minutes=spread(self.chance, 6, 35))
        at = min(self.now + wait, limit - timedelta(minutes=2, seconds=40 * self.chance.random()))
        self.counter.events.append(Event(_whole(at), "sale.delete", self.seller, self.channel, self.sale))

    def void(self, duty: Duty, closes: datetime) -> None:
        """Only on the same day and before the doors close, so that the day's sheet is not changed later."""
        at = self.now + timedelta(minutes=spread(self.chance, 4, 28))
        if at < min(closes, duty.ends) - timedelta(minutes=4):
            self.sale.void_reason = pick(self.chance, VOID_REASONS)
            self.counter.events.append(Event(_whole(at), "sale.void", self.seller, "web", self.sale))

    def _after(self, least: float, most: float) -> None:
        """Seconds pass, more for who is slow."""
        self.now = _whole(self.now + timedelta(seconds=spread(self.chance, least, most) * self.pace))

    def _do(self, kind: str, part: PlannedLine | None = None) -> None:
        self.counter.events.append(Event(self.now, kind, self.seller, self.channel, self.sale, part))


def _whole(instant: datetime) -> datetime:
    """To the millisecond, as clocks of such systems go."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
