"""What comes round every day by itself: the rota, reminders, backups, closing, and the pages people open in passing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from demo_erp.traffic.branches import TRADING
from demo_erp.traffic.customers import Customers
from demo_erp.traffic.events import Event, PlannedJob, PlannedSale, PlannedSheet
from demo_erp.traffic.randomness import spread, stream
from demo_erp.traffic.rota import Opening, Rota

BACKUP_TIMES = ("01:30", "16:30")
REMINDERS_EACH = 3
_BEFORE = {  # the page somebody opens before doing a thing, and how many seconds before at most
    "sale.create": ("page.new_sale", 25),
    "step.start": ("page.board", 20),
    "issue.respond": ("page.issues", 60),
    "cost.enter": ("page.order", 15),
}


def routine_of(seed: int, day: date, rota: Rota, customers: Customers, sales: list[PlannedSale]) -> Iterator[Event]:
    """The day's round, apart from people."""
    chance = stream(seed, "routine", day)
    yield Event(rota.instant(day, "00:10"), "rota.publish", None, "api", day)
    for clock in BACKUP_TIMES:
        yield Event(rota.instant(day, clock), "backup", None, "api", day)
    for branch in TRADING:
        opening = rota.opening(branch, day)
        if opening is None:
            continue
        for number, buyer in enumerate(chance.sample(customers.at_opening(branch), REMINDERS_EACH)):
            queued = rota.instant(day, "07:45") + timedelta(milliseconds=chance.randint(0, 900))
            job = PlannedJob("reminder", queued, buyer)
            yield from _job(job, rota.instant(day, "08:00") + timedelta(seconds=2 + 3 * number + chance.random()))
        closing = PlannedJob("closing", opening.closes + timedelta(minutes=45), branch)
        yield from _job(closing, closing.queued_at + timedelta(seconds=8 + 20 * chance.random()))
        yield _sheet(chance, opening, day, rota, sales)


def _job(job: PlannedJob, done: datetime) -> Iterator[Event]:
    yield Event(job.queued_at, "job.queue", None, "api", job)
    yield Event(done.replace(microsecond=done.microsecond // 1000 * 1000), "job.finish", None, "api", job)


def _sheet(chance: Random, opening: Opening, day: date, rota: Rota, sales: list[PlannedSale]) -> Event:
    """The cash book, counted and typed in after the doors are closed by who has the late shift."""
    own = [sale for sale in sales if sale.branch is opening.branch]
    standing = {sale.reference: sale.cents for sale in own if sale.finalised_at is not None and not sale.void_reason}
    sheet = PlannedSheet(opening.branch, day, frozenset(sale.reference for sale in own), standing)
    at = opening.closes + timedelta(seconds=spread(chance, 420, 1300), milliseconds=chance.randint(0, 999))
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    late = max(rota.duties(opening.branch, "sales", day), key=lambda duty: duty.ends)
    return Event(at, "sheet.hand_in", late.person, "web", sheet)


def glances(seed: int, day: date, events: Iterable[Event]) -> list[Event]:
    """Pages opened on the way to something; they leave a line in the access log and nothing else."""
    chance = stream(seed, "glances", day)
    found = []
    for event in events:
        page, before = _BEFORE.get(event.kind, (None, 0))
        if page is not None and event.actor is not None:
            at = event.at - timedelta(milliseconds=chance.randint(1500, before * 1000))
            found.append(Event(at, "glance", event.actor, event.channel, page))
        elif event.kind == "login":
            at = event.at + timedelta(milliseconds=chance.randint(200, 900))
            found.append(Event(at, "glance", event.actor, event.channel, "page.dashboard"))
    return found
